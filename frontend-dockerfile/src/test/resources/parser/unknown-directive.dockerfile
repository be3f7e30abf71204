# color=red
# escape=`
FROM a
RUN a ` b
