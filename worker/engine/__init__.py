"""The engine: lanes of one program trained side by side. Knows no SQL and no Celery."""
