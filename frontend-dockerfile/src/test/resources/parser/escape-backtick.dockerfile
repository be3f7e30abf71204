# escape=`
FROM windows
COPY a.txt C:\
RUN dir `
  /w
RUN echo ``
ENV A=b`=c D=`"
