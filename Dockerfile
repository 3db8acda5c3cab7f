# The platform: web, worker, scheduler and migrations run the same image with other commands.
FROM python:3.11-slim-bookworm

RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_IS_BUILT=1 \
    MEDIA_ROOT=/srv/media

WORKDIR /srv/platform
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
# The addresses are not used here: collecting static files connects to nothing.
RUN DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere/0 SECRET_KEY=unused \
        python manage.py collectstatic --no-input --verbosity 0 \
    && useradd --system --no-create-home platform \
    && install -d -o platform -g platform /srv/media /srv/platform/var

USER platform
EXPOSE 8000
CMD ["gunicorn", "msi_platform.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4"]
