"""The pages for a browser load without the internet: from the application, and from nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from tests.support import chromium
from tests.support.chromium import Page
from tests.support.serving import serving

PAGES = ["/graphql", "/docs", "/redoc"]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


class Loaded(HTMLParser):
    """The addresses that a page loads by itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and name == LOADING.get(tag)]


def page(server: httpx.Client, path: str) -> httpx.Response:
    return server.get(path, headers={"Accept": BROWSER})


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_only_what_the_application_serves(server: httpx.Client, path: str) -> None:
    answer = page(server, path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    loaded = Loaded(answer.text).found
    assert loaded
    for address in loaded:
        assert not urlsplit(address).netloc, f"{path} loads {address} from elsewhere"
        assert server.get(address).status_code == 200, f"{path} loads {address}, which is not there"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_imports_nothing_from_elsewhere(server: httpx.Client, path: str) -> None:
    text = page(server, path).text
    for start in ('src="http', "src='http", 'href="http', "href='http", "url(http", "@import", 'src="//', 'href="//'):
        assert start not in text


def test_stylesheets_import_nothing(server: httpx.Client) -> None:
    sheets = {each for path in PAGES for each in Loaded(page(server, path).text).found if each.endswith(".css")}
    assert sheets
    for sheet in sheets:
        text = server.get(sheet).text
        assert "@import" not in text
        assert "url(http" not in text.replace('"', "").replace("'", "")


def test_a_browser_gets_graphiql_and_a_program_gets_json(server: httpx.Client) -> None:
    assert "GraphiQL" in page(server, "/graphql").text
    assert "GraphiQL" in page(server, "/graphql?query={__typename}").text
    assert server.get("/graphql?query={__typename}", headers={"Accept": "*/*"}).json()["data"]


def test_the_first_address_leads_to_graphiql(server: httpx.Client) -> None:
    answer = server.get("/", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.headers["location"]) == (307, "/graphql")


# --- in a real browser: make browser -------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with chromium.browsing() as page:
        yield page


def check_all_is_well(browser: Page, server: httpx.Client) -> None:
    """Everything came from the server, and nothing was complained of."""
    base = str(server.base_url)
    assert {url for url in browser.requested() if not url.startswith((base, "data:", "blob:"))} == set()
    assert browser.complaints() == []
    # ReDoc would show its maker's logo, from elsewhere.
    assert [each for each in browser.stopped() if "cdn.redoc.ly" not in each] == []


ANSWER = "document.querySelector('.result-window')?.innerText.includes('nextDeadline')"


@pytest.mark.browser
def test_graphiql_runs_its_first_query(server: httpx.Client, browser: Page, tmp_path: Path) -> None:
    browser.open(f"{server.base_url}/graphql")
    browser.until("document.querySelector('.graphiql-execute-button')")
    browser.evaluate("document.querySelector('.graphiql-execute-button').click()")
    browser.until(ANSWER)
    shown = browser.evaluate("document.querySelector('.result-window').innerText")
    assert '"status": "ACTIVE"' in shown
    assert '"London talks"' in shown
    browser.picture(tmp_path / "graphiql.png")
    check_all_is_well(browser, server)


@pytest.mark.browser
def test_graphiql_opens_the_query_of_a_link(server: httpx.Client, browser: Page) -> None:
    asked = {
        "query": "query ($key: String!) { talk(by: {key: $key}) { title } }",
        "variables": '{"key": "paris-2025-04-17"}',
    }
    browser.open(f"{server.base_url}/graphql?{urlencode(asked)}")
    browser.until("document.querySelector('.graphiql-execute-button')")
    browser.evaluate("document.querySelector('.graphiql-execute-button').click()")
    browser.until("document.querySelector('.result-window')?.innerText.includes('Paris talks')")


@pytest.mark.browser
def test_graphiql_shows_the_schema(server: httpx.Client, browser: Page, tmp_path: Path) -> None:
    browser.open(f"{server.base_url}/graphql")
    browser.until("document.querySelector('[aria-label=\"Show Documentation Explorer\"]')")
    browser.evaluate("document.querySelector('[aria-label=\"Show Documentation Explorer\"]').click()")
    browser.until("document.body.innerText.includes('Root Types')")
    browser.until("document.body.innerText.includes('Query')")
    browser.picture(tmp_path / "schema.png")
    check_all_is_well(browser, server)


@pytest.mark.browser
def test_graphiql_builds_a_query_by_clicks(server: httpx.Client, browser: Page, tmp_path: Path) -> None:
    browser.open(f"{server.base_url}/graphql")
    browser.until("document.querySelector('[aria-label=\"Show GraphiQL Explorer\"]')")
    browser.evaluate("document.querySelector('[aria-label=\"Show GraphiQL Explorer\"]').click()")
    browser.until("document.querySelector('.graphiql-explorer-root')?.innerText.includes('agreements')")
    browser.picture(tmp_path / "explorer.png")
    check_all_is_well(browser, server)


@pytest.mark.browser
def test_graphiql_sends_a_key_and_keeps_none(server: httpx.Client, browser: Page) -> None:
    browser.open(f"{server.base_url}/graphql")
    browser.until("document.querySelector('.graphiql-execute-button')")
    browser.evaluate("[...document.querySelectorAll('button')].find(each => each.innerText == 'Headers').click()")
    browser.until("[...document.querySelectorAll('.graphiql-editor-tool .CodeMirror')].length == 2")
    headers = json.dumps({"Authorization": "Bearer parley_secret"})
    editors = "document.querySelectorAll('.graphiql-editor-tool .CodeMirror')"
    browser.evaluate(f"{editors}[1].CodeMirror.setValue({json.dumps(headers)})")
    browser.evaluate("document.querySelector('.graphiql-execute-button').click()")
    browser.until("document.querySelector('.result-window')?.innerText.includes('UNAUTHENTICATED')")
    browser.until("localStorage.getItem('graphiql:queries')?.includes('process(')")
    assert "parley_secret" not in browser.evaluate("JSON.stringify(Object.entries(localStorage))")


@pytest.mark.browser
def test_swagger_lists_every_path(server: httpx.Client, browser: Page, tmp_path: Path) -> None:
    browser.open(f"{server.base_url}/docs")
    paths = server.get("/openapi.json").json()["paths"]
    operations = sum(len(each) for each in paths.values())
    browser.until(f"document.querySelectorAll('.opblock').length == {operations}")
    browser.picture(tmp_path / "docs.png")
    browser.evaluate("document.querySelector('.opblock-summary-control').click()")
    browser.until("document.querySelector('.parameters-container')?.innerText.includes('asOf')")
    browser.picture(tmp_path / "operation.png")
    check_all_is_well(browser, server)


@pytest.mark.browser
def test_redoc_shows_the_reads(server: httpx.Client, browser: Page, tmp_path: Path) -> None:
    browser.open(f"{server.base_url}/redoc")
    browser.until("document.body.innerText.includes('/v1/actors')")
    browser.picture(tmp_path / "redoc.png")
    check_all_is_well(browser, server)
