project = "Flows in Sphinx"
extensions = ["myst_parser", "sphinx_parallelogram"]
html_theme = "furo"
parallelogram_base = "parallelogram"
exclude_patterns = ["wrong"]
