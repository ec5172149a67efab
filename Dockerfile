# One image for `parley serve`, `parley migrate` and `parley load`: they are its arguments.
# Set DATABASE_URL; without it the server keeps an embedded PostgreSQL in /app/.parley.
FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv .venv
COPY requirements.lock .
RUN .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN .venv/bin/pip install --no-index --no-deps --no-build-isolation -e .
# Who runs it may write nothing here: uncompiled, our own files would be compiled at each start.
RUN .venv/bin/python -m compileall -q api schema

FROM python:3.13-slim
RUN useradd --system --no-create-home parley
WORKDIR /app
COPY --from=build /app .
RUN install -d -o parley .parley
USER parley
ENV HOST=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD [".venv/bin/python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
ENTRYPOINT [".venv/bin/parley"]
CMD ["serve"]
