#include <stdio.h>
#include <sys/utsname.h>

int main(void) {
  struct utsname system;
  if (uname(&system) != 0) {
    perror("uname");
    return 1;
  }
  printf("Kiln on %s\n", system.machine);
  return 0;
}
