package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.image.ImageConfig;
import java.util.ArrayList;
import java.util.List;

/** Puts the shell in front of commands in shell form. */
final class Shells {

  private static final List<String> UNIX = List.of("/bin/sh", "-c");
  private static final List<String> WINDOWS = List.of("cmd", "/S", "/C");

  private Shells() {}

  static List<String> wrap(ImageConfig image, List<String> words) {
    List<String> shell = image.shell();
    if (shell.isEmpty()) {
      shell = image.platform().os().equals("windows") ? WINDOWS : UNIX;
    }
    List<String> wrapped = new ArrayList<>(shell);
    wrapped.add(String.join(" ", words));
    return wrapped;
  }
}
