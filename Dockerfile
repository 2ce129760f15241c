# The wheel on a slim base, as an unprivileged user. Builds without BuildKit.
#
#   docker run --rm --network none --read-only --cap-drop ALL -v "$PWD:/scan:ro" IMAGE /scan
#
# A CI that needs a shell in the image (GitLab) empties the entrypoint: `image: { name: IMAGE, entrypoint: [""] }`; the command
# `modelwarden` is on the PATH. The release pins the base by digest: --build-arg BASE=python:3.13-slim@sha256:…
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
COPY requirements requirements
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements/build.txt \
    && python -m venv --without-pip /opt/modelwarden \
    && /opt/build/bin/pip --python /opt/modelwarden/bin/python install --no-cache-dir --require-hashes --no-deps \
        --only-binary :all: -r requirements/action.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY scanner scanner
COPY sarif sarif
RUN /opt/build/bin/hatchling build -t wheel -d /wheel \
    && /opt/build/bin/pip --python /opt/modelwarden/bin/python install --no-cache-dir --no-index --no-deps /wheel/*.whl

FROM ${BASE}
COPY --from=build /opt/modelwarden /opt/modelwarden
COPY entrypoint.sh /entrypoint.sh
ENV PATH=/opt/modelwarden/bin:$PATH MODELWARDEN_PYTHON=/opt/modelwarden/bin/python
WORKDIR /scan
USER 10001:10001
ENTRYPOINT ["/entrypoint.sh"]
