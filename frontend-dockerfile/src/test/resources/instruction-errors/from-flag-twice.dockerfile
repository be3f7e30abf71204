FROM --platform=x --platform=y a
