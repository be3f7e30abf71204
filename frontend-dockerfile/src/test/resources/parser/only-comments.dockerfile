# nothing
   # here

