# escape=`
# syntax=x
# Escape=`
FROM a
