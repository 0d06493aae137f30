# The line in a container: no root, no compiler, a read-only root. docs/deploy.md says how to run it.
#   docker build -t sms-line .
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
RUN python -m venv /venv
COPY requirements.txt .
# Every package is checked against its hash; only ready-made wheels, so no compiler is needed or left behind.
RUN /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --require-hashes -r requirements.txt \
    && /venv/bin/python -m pip uninstall --yes --quiet pip setuptools

FROM ${PYTHON_IMAGE}
RUN groupadd --gid 10001 line && useradd --uid 10001 --gid line --no-create-home --shell /usr/sbin/nologin line \
    && install --directory --owner line --group line --mode 0700 /var/lib/sms-line
COPY --from=packages /venv /venv
WORKDIR /app
COPY app.py ./
COPY sms_service sms_service
COPY responses responses
# Compiled once here: the root is read-only when it runs.
RUN /venv/bin/python -m compileall -q app.py sms_service
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LINE_ENV=production \
    VAR_DIR=/var/lib/sms-line
USER 10001:10001
VOLUME /var/lib/sms-line
EXPOSE 8000
# Does the process answer? What is broken around it is told by /readyz, and is no reason to stop answering.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\", \"8000\")}/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
# The first start makes the files that are missing; `migrate` changes nothing that is up to date.
CMD ["sh", "-c", "python -m sms_service migrate && exec python -m sms_service serve --production"]
