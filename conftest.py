pytest_plugins = (
    "tests.plugin_servers",
    "tests.plugin_slow",
    "tests.plugin_flush",
    "tests.plugin_browser",
)
