"""REST, asked as a client asks: every path, parameter and header, over the first dossier."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, groupby
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import jsonschema
import pytest

from api.http.router import Router
from api.rest.documents import READS, read_documents
from schema.records.registry import RECORDS
from tests.support.serving import serving

EVERY = [cls.table.path.removeprefix("/v1/") for cls in RECORDS]
"""The lists of all types of record, as paths name them."""

MADE = [name for name in EVERY if not (READS / f"{name.replace('-', '_')}.graphql").exists()]
"""The lists that no file makes."""

LISTS = [name for name in EVERY if name not in MADE]

MOMENTS = ["2020-01-01", "2025-04-18T09:30:00Z", "2025-06-30T00:00:00+02:00"]

PARIS = "paris-2025-04-17"
PROCESS = "us-ukraine-russia-2025"
AS_OF = "2025-04-18"


class Contract:
    """The published OpenAPI document, and bodies measured by it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = document["paths"]
        self.components: dict[str, Any] = document["components"]
        self.validator = cache(self.made)

    def check(self, path: str, answer: httpx.Response, method: str = "get") -> None:
        """Fail unless a body is what the contract says of this path, status and media type."""
        media = answer.headers["content-type"].partition(";")[0]
        self.validator(path, method, str(answer.status_code), media).validate(answer.json())

    def request(self, path: str, method: str) -> jsonschema.Draft202012Validator:
        """What measures a request's body."""
        return self.validator(path, method, "request", "application/json")

    def made(self, path: str, method: str, part: str, media: str) -> jsonschema.Draft202012Validator:
        operation = self.paths[path][method]
        content = operation["requestBody"] if part == "request" else operation["responses"][part]
        if "$ref" in content:
            content = self.components["responses"][content["$ref"].rpartition("/")[2]]
        schema = {**content["content"][media]["schema"], "components": self.components}
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        return jsonschema.Draft202012Validator(schema, format_checker=checker)


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


@pytest.fixture(scope="module")
def contract(server: httpx.Client) -> Contract:
    return Contract(server.get("/openapi.json").json())


def items(server: httpx.Client, name: str, /, **parameters: Any) -> list[dict[str, Any]]:
    answer = server.get(f"/v1/{name}", params={"asOf": AS_OF, "first": 100, **parameters})
    assert answer.status_code == 200, answer.text
    found = answer.json()["items"]
    assert isinstance(found, list)
    return found


def keys(server: httpx.Client, name: str, /, **parameters: Any) -> list[str]:
    return [item["key"] for item in items(server, name, **parameters)]


# --- every answer is as OpenAPI says -------------------------------------------------------------


def every_url(server: httpx.Client, path: str, moment: str) -> Iterator[str]:
    """A path with every record that it can name; a list with every part of it asked for."""
    if path.startswith("/v1/groups/"):
        yield f"{path}?by={'AT_DAY' if path.endswith('revisions') else 'CREATED_AT_DAY'}"
        return
    if path == "/v1/search":
        yield f"{path}?text=talks&withTotal=true"
        return
    if path == "/v1/phrases":
        yield from (f"{path}?text={text}&anchor={AS_OF}" for text in ("by+9+May", "some+day"))
        return
    if "{" not in path:
        yield path if path.startswith(("/v1/rules", "/healthz", "/readyz")) else f"{path}?withTotal=true"
        return
    start, end = re.split(r"/\{\w+\}", path)
    if start == "/v1/rules":
        yield from (f"{start}/{rule['id']}" for rule in server.get(start).json()[:20])
    elif start == "/v1/records":
        end += "?from=1&to=1" if end.endswith("diff") else ""
        yield from (f"{start}/{each['id']}{end}" for name in LISTS for each in items(server, name, asOf=moment)[:3])
    else:
        yield from (f"{start}/{key}{end}" for key in keys(server, start.removeprefix("/v1/"), asOf=moment))


def for_everybody(contract: Contract) -> dict[str, Any]:
    """The reads that need no key, by path."""
    reads = {path: operations["get"] for path, operations in contract.paths.items() if "get" in operations}
    return {path: read for path, read in reads.items() if read.get("security") != [{"Bearer": []}]}


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_path_answers_what_its_contract_says(server: httpx.Client, contract: Contract, moment: str) -> None:
    asked = 0
    for path, read in for_everybody(contract).items():
        takes_moment = any(each["name"] == "asOf" for each in read.get("parameters", []))
        for url in every_url(server, path, moment):
            # Given beside the URL, parameters would take the place of its own.
            answer = server.get(httpx.URL(url).copy_merge_params({"asOf": moment} if takes_moment else {}))
            assert answer.status_code == 200, f"{url}: {answer.text}"
            contract.check(path, answer)
            asked += 1
    assert asked > len(for_everybody(contract))


def test_problems_are_what_the_contract_says(server: httpx.Client, contract: Contract) -> None:
    contract.check("/v1/talks", server.get("/v1/talks?first=0&status=LATE&asOf=soon"))
    contract.check("/v1/talks/{by}", server.get("/v1/talks/nowhere"))


def test_a_parameter_that_is_needed_is_asked_for(server: httpx.Client) -> None:
    talk = items(server, "talks")[0]["id"]
    answer = server.get(f"/v1/records/{talk}/diff?to=soon")
    assert {each["path"]: each["message"] for each in answer.json()["problems"]} == {
        "from": "it is missing", "to": "'soon' is no whole number",
    }  # fmt: skip


def test_all_paths_that_were_promised_are_there(contract: Contract) -> None:
    promised = {f"/v1/{name}{by}" for name in EVERY for by in ("", "/{by}")}
    promised |= {"/v1/rules", "/v1/rules/{id}", "/v1/revisions", "/v1/search", "/v1/phrases", "/healthz", "/readyz"}
    promised |= {f"/v1/groups/{name}" for name in (*EVERY, "revisions")}
    promised |= {f"/v1/records/{{id}}{more}" for more in ("", "/revisions", "/diff")}
    assert set(for_everybody(contract)) == promised
    assert {path for path, operations in contract.paths.items() if "get" in operations} - promised == {
        "/v1/proposals", "/v1/proposals/{id}", "/v1/groups/proposals", "/v1/keys", "/v1/keys/{id}", "/v1/groups/keys",
    }  # fmt: skip


# --- one record ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_record_is_found_by_its_id_as_by_its_key(server: httpx.Client, name: str) -> None:
    record = items(server, name)[0]
    answers = [server.get(f"/v1/{name}/{record[by]}", params={"asOf": AS_OF}) for by in ("id", "key")]
    assert answers[0].content == answers[1].content
    assert answers[0].json()["key"] == record["key"]


def test_an_id_is_found_in_upper_case_too(server: httpx.Client) -> None:
    talk = items(server, "talks")[0]["id"]
    assert server.get(f"/v1/talks/{talk.upper()}").json()["id"] == talk


def test_what_had_not_happened_yet_is_not_found(server: httpx.Client) -> None:
    assert server.get(f"/v1/talks/{PARIS}?asOf=2025-04-16").status_code == 404
    assert server.get(f"/v1/talks/{PARIS}?asOf=2025-04-17").status_code == 200


def test_what_was_not_known_yet_is_not_found(server: httpx.Client) -> None:
    assert server.get(f"/v1/talks/{PARIS}?knownAt=2025-04-18").status_code == 404
    assert server.get("/v1/talks?knownAt=2025-04-18").json()["items"] == []


def test_a_record_of_any_type_is_read_as_it_was_known(server: httpx.Client) -> None:
    talk = items(server, "talks")[0]["id"]
    assert server.get(f"/v1/records/{talk}?knownAt=2025-04-18").status_code == 404
    assert server.get(f"/v1/records/{talk}?knownAt=9999-01-01").json() == server.get(f"/v1/records/{talk}").json()


@pytest.mark.parametrize(
    ("moment", "status", "days"),
    [
        ("2025-04-18", "DUE_SOON", {"min": 1, "max": 7}),
        ("2025-04-21", "IN_WINDOW", {"min": -2, "max": 4}),
        ("2025-05-01", "OVERDUE", {"min": -12, "max": -6}),
    ],
)
def test_the_clock_moves_what_is_computed(server: httpx.Client, moment: str, status: str, days: object) -> None:
    deadline = server.get("/v1/deadlines/us-decision-2025-04", params={"asOf": moment}).json()
    assert (deadline["status"], deadline["daysRemaining"]) == (status, days)


def test_a_rule_is_read_by_its_id(server: httpx.Client) -> None:
    rule = server.get("/v1/rules/talk.status.v2").json()
    assert rule in server.get("/v1/rules").json()
    assert (rule["id"], rule["version"]) == ("talk.status.v2", 2)


# --- filters -------------------------------------------------------------------------------------

FILTERS: list[tuple[str, str, str, Callable[[dict[str, Any]], bool]]] = [
    ("processes", "status", "ACTIVE", lambda process: process["status"] == "ACTIVE"),
    ("processes", "status", "STALLED,SUSPENDED", lambda process: process["status"] in ("STALLED", "SUSPENDED")),
    ("processes", "conflict", "russia-ukraine", lambda process: process["conflict"]["key"] == "russia-ukraine"),
    ("processes", "actor", "ukraine", lambda process: process["key"] == PROCESS),
    ("processes", "actor", "nobody", lambda _: False),
    ("processes", "name", "RUSSIA", lambda process: "russia" in process["name"].lower()),
    ("talks", "status", "HELD", lambda talk: talk["status"] == "HELD"),
    ("talks", "status", "OVERDUE,EXPECTED", lambda talk: talk["status"] in ("OVERDUE", "EXPECTED")),
    ("talks", "process", PROCESS, lambda talk: talk["process"]["key"] == PROCESS),
    ("talks", "actor", "france", lambda talk: "france" in actors(talk)),
    ("talks", "actor", "ukraine", lambda talk: "ukraine" in actors(talk)),
    ("talks", "country", "FR", lambda talk: talk["country"] == "FR"),
    ("talks", "from", "2025-04-18", lambda talk: talk["starts"]["latest"] >= "2025-04-18"),
    ("talks", "until", "2025-04-18", lambda talk: talk["starts"]["earliest"] <= "2025-04-18"),
    ("actors", "kind", "PERSON", lambda actor: actor["kind"] == "PERSON"),
    ("actors", "country", "US", lambda actor: actor["country"] == "US"),
    ("actors", "parent", "france", lambda actor: (actor["parent"] or {}).get("key") == "france"),
    ("actors", "alias", "Moscow", lambda actor: "Moscow" in actor["aliases"]),
    ("actors", "name", "rubio", lambda actor: "rubio" in actor["name"].lower()),
    ("statements", "speaker", "marco-rubio", lambda said: (said["speaker"] or {}).get("key") == "marco-rubio"),
    ("statements", "process", PROCESS, lambda said: (said["process"] or {}).get("key") == PROCESS),
    ("statements", "talk", PARIS, lambda said: (said["talk"] or {}).get("key") == PARIS),
    ("statements", "issue", "territory", lambda said: "territory" in [issue["key"] for issue in said["issues"]]),
    ("statements", "stance", "THREAT,DEMAND", lambda said: said["stance"] in ("THREAT", "DEMAND")),
    ("statements", "text", "PEACE", lambda said: "peace" in f"{said['quote']} {said['summary']}".lower()),
    ("statements", "from", "2025-04-18", lambda said: said["said"]["latest"] >= "2025-04-18"),
    ("statements", "until", "2025-04-17", lambda said: said["said"]["earliest"] <= "2025-04-17"),
    ("agreements", "status", "SOUGHT", lambda agreement: agreement["status"] == "SOUGHT"),
    ("agreements", "kind", "CEASEFIRE,ECONOMIC", lambda agreement: agreement["kind"] in ("CEASEFIRE", "ECONOMIC")),
    ("agreements", "process", PROCESS, lambda agreement: (agreement["process"] or {}).get("key") == PROCESS),
    ("agreements", "actor", "ukraine", lambda agreement: "ukraine" in agreement["signers"]),
    ("agreements", "title", "PEACE", lambda agreement: "peace" in agreement["title"].lower()),
    ("deadlines", "status", "DUE_SOON", lambda deadline: deadline["status"] == "DUE_SOON"),
    ("deadlines", "setBy", "united-states", lambda deadline: (deadline["setBy"] or {}).get("key") == "united-states"),
    ("deadlines", "hardness", "VAGUE", lambda deadline: deadline["hardness"] == "VAGUE"),
    ("deadlines", "from", "2025-04-24", lambda deadline: after(deadline["due"], "latest", "2025-04-24")),
    ("deadlines", "from", "2026-01-01", lambda deadline: after(deadline["due"], "latest", "2026-01-01")),
    ("deadlines", "until", "2025-04-18", lambda deadline: not after(deadline["due"], "earliest", "2025-04-19")),
    ("positions", "actor", "russia", lambda position: position["actor"]["key"] == "russia"),
    ("positions", "issue", "territory", lambda position: position["issue"]["key"] == "territory"),
    ("positions", "process", PROCESS, lambda position: position["process"]["key"] == PROCESS),
    ("positions", "stance", "DEMANDS", lambda position: position["stance"] == "DEMANDS"),
    ("positions", "redLine", "true", lambda position: position["redLine"]),
    ("positions", "redLine", "false", lambda position: not position["redLine"]),
    (
        "issues",
        "parent",
        "security-guarantees",
        lambda issue: (issue["parent"] or {}).get("key") == "security-guarantees",
    ),
    ("issues", "process", PROCESS, lambda issue: bool(issue["standings"]["nodes"])),
    ("issues", "name", "nato", lambda issue: "nato" in issue["name"].lower()),
    ("sources", "number", "2", lambda source: 2 in source["numbers"]),
    ("sources", "publisher", "Nobody", lambda source: source["publisher"] == "Nobody"),
    ("sources", "title", "signals", lambda source: "signals" in (source["title"] or "").lower()),
]
"""A filter of a list, a value, and whether a record of the whole list is one that the filter keeps."""


def actors(talk: dict[str, Any]) -> list[str]:
    return [each["actor"]["key"] for each in talk["participations"]["nodes"]]


def after(date: dict[str, Any] | None, end: str, day: str) -> bool:
    return date is not None and (date[end] is None or date[end] >= day)


@pytest.fixture(scope="module")
def in_full(server: httpx.Client) -> Callable[[str], list[dict[str, Any]]]:
    """Every record of a list, with what only its own address says."""

    @cache
    def found(name: str) -> list[dict[str, Any]]:
        records = items(server, name)
        for record in records:
            more = server.get(f"/v1/{name}/{record['key']}", params={"asOf": AS_OF}).json()
            record["standings"] = more.get("standings")
            record["signers"] = [each["actor"]["key"] for each in more.get("signatures", {}).get("nodes", [])]
            record["numbers"] = [each["number"] for each in more.get("citedBy", {}).get("nodes", [])]
        return records

    return found


@pytest.mark.parametrize(
    ("name", "parameter", "value", "keeps"), FILTERS, ids=[f"{name}-{each}-{value}" for name, each, value, _ in FILTERS]
)
def test_a_filter_keeps_what_it_says(
    server: httpx.Client,
    in_full: Callable[[str], list[dict[str, Any]]],
    name: str,
    parameter: str,
    value: str,
    keeps: Callable[[dict[str, Any]], bool],
) -> None:
    expected = [record["key"] for record in in_full(name) if keeps(record)]
    assert keys(server, name, **{parameter: value}) == expected


def test_a_deadline_is_found_by_what_it_is_a_deadline_of(server: httpx.Client) -> None:
    (deadline,) = (each for each in items(server, "deadlines") if each["key"] == "us-decision-2025-04")
    assert "us-decision-2025-04" in keys(server, "deadlines", subject=deadline["subject"]["id"])
    assert keys(server, "deadlines", subject=deadline["id"]) == []


def test_every_filter_is_tried(contract: Contract) -> None:
    general = {"orderBy", "first", "after", "last", "before", "withTotal", "asOf", "knownAt"}
    for name in LISTS:
        declared = {each["name"] for each in contract.paths[f"/v1/{name}"]["get"]["parameters"]} - general
        tried = {parameter for each, parameter, *_ in FILTERS if each == name}
        assert declared - {"subject"} == tried, name


def test_a_list_of_values_is_repeated_or_parted_by_commas(server: httpx.Client) -> None:
    commas = server.get("/v1/actors?kind=STATE,PERSON&asOf=2025-04-18")
    repeated = server.get("/v1/actors?kind=STATE&kind=PERSON&asOf=2025-04-18")
    assert commas.content == repeated.content
    assert {actor["kind"] for actor in commas.json()["items"]} == {"STATE", "PERSON"}


@pytest.mark.parametrize(
    ("number", "status"),
    [("2147483647", 200), ("2147483648", 400), ("-2147483648", 200), ("-2147483649", 400), ("1" * 5000, 400)],
    ids=range(5),
)
def test_a_whole_number_has_32_bits(server: httpx.Client, contract: Contract, number: str, status: int) -> None:
    assert server.get(f"/v1/sources?number={number}").status_code == status
    said = next(each for each in contract.paths["/v1/sources"]["get"]["parameters"] if each["name"] == "number")
    assert jsonschema.Draft202012Validator(said["schema"]).is_valid(int(number[:100])) == (status == 200)


def test_filters_add_up(server: httpx.Client) -> None:
    assert keys(server, "actors", kind="PERSON", name="rubio") == ["marco-rubio"]
    assert keys(server, "actors", kind="STATE", name="rubio") == []


# --- order and pages -----------------------------------------------------------------------------


def test_a_list_is_ordered_as_asked(server: httpx.Client) -> None:
    found = items(server, "actors", orderBy="KIND_DESC,NAME_ASC")
    groups = [[actor["name"] for actor in group] for _, group in groupby(found, lambda actor: actor["kind"])]
    assert len(groups) == len({actor["kind"] for actor in found})
    assert groups == [sorted(group, key=str.encode) for group in groups]


def links(answer: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("link", ""))
    return {relation: url for url, relation in found}


def walk(server: httpx.Client, url: str, relation: str) -> list[list[str]]:
    """The keys on each page from a first one on, following a link."""
    pages = []
    next_url: str | None = url
    while next_url:
        answer = server.get(next_url)
        assert answer.status_code == 200, answer.text
        pages.append([item["key"] for item in answer.json()["items"]])
        next_url = links(answer).get(relation)
        assert len(pages) < 100
    return pages


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("order", ["", "&orderBy=RETRACTED_AT_ASC,UPDATED_AT_DESC,KEY_DESC"])
def test_a_list_is_walked_forward_and_back_by_its_links(server: httpx.Client, name: str, order: str) -> None:
    whole = [item["key"] for item in server.get(f"/v1/{name}?first=100&asOf={AS_OF}{order}").json()["items"]]
    size = max(1, len(whole) // 3)
    forward = walk(server, f"/v1/{name}?first={size}&asOf={AS_OF}{order}", "next")
    backward = walk(server, f"/v1/{name}?last={size}&asOf={AS_OF}{order}", "prev")
    assert list(chain.from_iterable(forward)) == whole
    assert list(chain.from_iterable(reversed(backward))) == whole
    assert {len(page) for page in forward[:-1]} <= {size}


def test_links_lead_back_to_where_one_was(server: httpx.Client) -> None:
    first = server.get(f"/v1/actors?first=3&asOf={AS_OF}&kind=STATE,PERSON")
    second = server.get(links(first)["next"])
    assert set(links(first)) == {"next"}
    assert {"prev", "first"} <= set(links(second))
    assert server.get(links(second)["prev"]).json()["items"] == first.json()["items"]
    assert server.get(links(second)["first"]).json() == first.json()


def test_a_link_keeps_every_other_parameter(server: httpx.Client) -> None:
    asked = f"/v1/actors?first=1&kind=STATE&kind=PERSON&name={quote('a')}&asOf=2025-04-18T00:00:00%2B02:00"
    url = links(server.get(asked))["next"]
    parameters = httpx.QueryParams(urlsplit(url).query)
    assert parameters.get_list("kind") == ["STATE", "PERSON"]
    assert (parameters["name"], parameters["asOf"]) == ("a", "2025-04-18T00:00:00+02:00")


def test_a_whole_list_has_no_links(server: httpx.Client) -> None:
    assert "link" not in server.get("/v1/talks?first=100").headers


def test_a_page_has_twenty_items_unless_asked(server: httpx.Client) -> None:
    whole = keys(server, "statements")
    page = server.get("/v1/statements", params={"asOf": AS_OF}).json()
    assert [item["key"] for item in page["items"]] == whole[:20]
    assert page["pageInfo"]["hasNextPage"] == (len(whole) > 20)


def test_the_whole_list_is_counted_only_when_asked(server: httpx.Client) -> None:
    assert "totalCount" not in server.get("/v1/actors?first=1").json()
    counted = server.get(f"/v1/actors?first=1&withTotal=true&asOf={AS_OF}").json()
    assert counted["totalCount"] == len(keys(server, "actors"))


# --- headers -------------------------------------------------------------------------------------

URLS = [f"/v1/talks?asOf={AS_OF}&first=1", f"/v1/talks/{PARIS}?asOf={AS_OF}", "/v1/rules", "/v1/rules/talk.status.v2"]


@pytest.mark.parametrize("url", URLS)
def test_an_answer_that_did_not_change_is_not_sent_again(server: httpx.Client, url: str) -> None:
    answer = server.get(url)
    for known in (answer.headers["etag"], f"W/{answer.headers['etag']}", f'"x", {answer.headers["etag"]}', "*"):
        again = server.get(url, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == answer.headers["etag"]
    for other in ('"x"', answer.headers["etag"].strip('"'), ""):
        assert server.get(url, headers={"If-None-Match": other}).status_code == 200


def test_another_answer_has_another_tag(server: httpx.Client) -> None:
    tags = [server.get("/v1/talks", params={"asOf": moment}).headers["etag"] for moment in MOMENTS[:3]]
    assert len(set(tags)) == 3


@pytest.mark.parametrize("url", [*URLS, "/v1/talks?first=0", "/v1/talks/nowhere", "/healthz", "/readyz"])
def test_head_gives_the_headers_of_get(server: httpx.Client, url: str) -> None:
    got, head = server.get(url), server.head(url)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}
    assert int(head.headers["content-length"]) == len(got.content)


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("/v1/talks", {"GET", "HEAD", "POST"}),
        (f"/v1/talks/{PARIS}", {"GET", "HEAD", "PATCH"}),
        (f"/v1/talks/{PARIS}/retract", {"POST"}),
        ("/v1/rules", {"GET", "HEAD"}),
        ("/healthz", {"GET", "HEAD"}),
    ],
)
def test_another_method_is_told_which_are_allowed(
    server: httpx.Client, method: str, url: str, allowed: set[str]
) -> None:
    answer = server.request(method, url)
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
    assert set(answer.headers["allow"].split(", ")) == allowed
    assert answer.json()["code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v1/talks/{by}", "no Talk has the key '{by}'"),
        ("/v1/talks/%7Bby%7D", "no Talk has the key '{by}'"),
        ("/v1/records/{id}/revisions", "{id}"),
        ("/v1/talks/", "There is nothing at /v1/talks/"),
        ("/v1/talks/a%2Fb", "There is nothing at /v1/talks/a/b"),
        (f"/v1/talks/{PARIS}/", "There is nothing at"),
        ("/v1//talks", "There is nothing at"),
        ("/v1/", "There is nothing at"),
        ("/v1/nothing", "There is nothing at"),
    ],
)
def test_a_path_is_found_by_what_it_names(server: httpx.Client, path: str, said: str) -> None:
    answer = server.get(path)
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text


def test_every_path_is_found_in_one_look(contract: Contract) -> None:
    """Where one is not, the framework would find it, and nobody notice but who waits."""
    published = [(path, method.upper()) for path, methods in contract.paths.items() for method in methods]
    answering: dict[tuple[str, str], Any] = {each: object() for each in published}
    paths = Router(answering)
    for path, method in published:
        scope = {"path": re.sub(r"{\w+}", "x", path), "method": method}
        assert paths.find(scope) is answering[path, method], path
        assert list(scope.get("path_params", {})) == re.findall(r"{(\w+)}", path)
        assert paths.find({**scope, "method": "PUT"}) is None


def test_a_problem_names_the_path_as_it_was_asked_for(server: httpx.Client) -> None:
    problem = server.get(f"/v1/talks/{quote('Київ 100%')}?asOf=2025-04-18").json()
    assert problem["instance"] == f"/v1/talks/{quote('Київ 100%')}"
    assert problem["detail"] == "no Talk has the key 'Київ 100%' at the time asked for"
    assert problem["type"] == "urn:parley:problem:not-found"


def test_the_server_says_whether_it_runs_and_is_ready(server: httpx.Client) -> None:
    assert server.get("/healthz").json() == server.get("/readyz").json() == {"status": "ok"}


# --- the same reads as GraphQL's -----------------------------------------------------------------


def keyless() -> list[tuple[str, str, str]]:
    """The reads that need no key: the file, the operation and its path."""
    return [
        (file, name, path)
        for file, document in read_documents().items()
        if file not in ("proposals.graphql", "keys.graphql")
        for path, name in re.findall(r'^GET (/v1/\S+)[^"]*"""\nquery (\w+)', document, re.MULTILINE)
    ]


@pytest.mark.parametrize(("file", "operation", "path"), keyless())
def test_rest_answers_what_graphql_answers_to_the_same_document(
    server: httpx.Client, file: str, operation: str, path: str
) -> None:
    document = read_documents()[file]
    variables: dict[str, Any] = {"asOf": AS_OF} if "$asOf" in document.partition(f"query {operation}(")[2] else {}
    given: dict[str, Any] = dict(variables)
    if "{by}" in path or "{key}" in path:
        key = items(server, path.split("/")[2])[0]["key"]
        variables |= {"by": {"key": key}} if "{by}" in path else {"key": key}
        path = path.replace("{by}", key).replace("{key}", key)
    if "{id}" in path:
        variables["id"] = "talk.status.v2" if "rules" in path else items(server, "talks")[0]["id"]
        path = path.replace("{id}", variables["id"])
    if operation == "search":
        variables |= (given := {**given, "text": "talks"})
    if operation == "phrases":
        variables |= (given := {"text": "by 9 May", "anchor": AS_OF})
    if operation == "recordDiff":
        variables |= (given := {"from": 0, "to": 1})
    if operation == "search":
        variables |= (given := {**given, "text": "Ukraine"})
    asked = {"query": document, "operationName": operation, "variables": variables}
    (answered,) = server.post("/graphql", json=asked).json()["data"].values()
    assert server.get(path, params=given).json() == answered


def test_the_tag_of_a_record_begins_with_its_version(server: httpx.Client) -> None:
    for name in LISTS:
        record = items(server, name)[0]
        tag = server.get(f"/v1/{name}/{record['key']}").headers["etag"]
        assert re.fullmatch(rf'"{record["version"]}-[0-9a-f]{{32}}"', tag)
    assert re.fullmatch('"[0-9a-f]{32}"', server.get("/v1/talks").headers["etag"])


def test_the_bytes_of_postgres_are_json_without_surprises(server: httpx.Client) -> None:
    body = server.get("/v1/statements?first=100").content
    assert json.loads(body, parse_constant=lambda _: pytest.fail("NaN")) == json.loads(body.decode("utf-8"))
