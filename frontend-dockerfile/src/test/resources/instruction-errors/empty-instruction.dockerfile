FROM a
\\
