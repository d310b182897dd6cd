"""The catalogues of translations, read and compiled without GNU gettext, and the texts that belong into them."""
