# One image for the scheduler, the workers and the migrations: the same code and the same pinned versions everywhere.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH

RUN useradd --create-home --uid 10001 app && python3 -m venv $VIRTUAL_ENV
WORKDIR /app

# The dependencies change less often than the code: they are a layer of their own.
COPY pyproject.toml constraints.txt ./
# On x86-64 `tensorflow-cpu` has the same kernels without those for GPUs, 0.6 GB less; elsewhere `tensorflow` has none.
# An empty package of the other's name requires it. Headers and libclang are for
# building in C++, which nobody does here, and the tests of the packages for numbers are 0.1 GB.
ARG EXTRAS=
RUN mkdir store scheduler worker && touch LICENSE README.md store/__init__.py scheduler/__init__.py worker/__init__.py \
    && version=$(sed -n 's/^tensorflow==//p' constraints.txt) \
    && if [ "$(uname -m)" = x86_64 ] && [ -z "$EXTRAS" ]; then mkdir /tmp/cpu \
    && printf '[project]\nname = "tensorflow"\nversion = "%s"\ndependencies = ["tensorflow-cpu==%s"]\n[tool.setuptools]\npackages = []\n' \
    "$version" "$version" > /tmp/cpu/pyproject.toml && pip install --quiet --constraint constraints.txt /tmp/cpu && rm -r /tmp/cpu; fi \
    && pip install --quiet --constraint constraints.txt ".$EXTRAS" && pip uninstall --quiet --yes repeats \
    && rm -rf build && cd $VIRTUAL_ENV/lib/python3*/site-packages \
    && rm -rf tensorflow/include pyarrow/include clang && find numpy scipy sklearn statsmodels matplotlib pandas pyarrow -name tests -type d -prune -exec rm -r {} +

COPY LICENSE README.md ./
COPY store store
COPY scheduler scheduler
COPY worker worker
RUN rm -rf build && pip install --quiet --no-deps . && rm -rf build
COPY grids grids

ARG GIT_COMMIT=
ENV GIT_COMMIT=$GIT_COMMIT
USER app
CMD ["worker"]
