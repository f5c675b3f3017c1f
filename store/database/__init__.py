"""The database: connections, dialects, tables, arrays, migrations."""
