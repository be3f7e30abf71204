package dev.kiln.dockerfile;

import dev.kiln.dockerfile.bridge.FrontendException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The capabilities of the frontend that a client insists on.
 *
 * @param unknown the last of them that this frontend does not have, or null
 * @param forwarded true if a frontend image that the Dockerfile names may have it
 */
record RequiredCapabilities(@Nullable String unknown, boolean forwarded) {

  private static final Set<String> SUPPORTED =
      Set.of(
          "moby.buildkit.frontend.inputs",
          "moby.buildkit.frontend.subrequests",
          "moby.buildkit.frontend.contexts",
          "moby.buildkit.frontend.gitquerystring");

  static RequiredCapabilities parse(String list) {
    RequiredCapabilities found = new RequiredCapabilities(null, false);
    for (String item : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      int plus = item.indexOf('+');
      String name = plus < 0 ? item : item.substring(0, plus);
      if (!SUPPORTED.contains(name)) {
        if (!item.contains("+forward")) {
          return new RequiredCapabilities(name, false);
        }
        found = new RequiredCapabilities(name, true);
      }
    }
    return found;
  }

  void failUnlessForwarded() {
    if (!forwarded) {
      fail();
    }
  }

  void fail() {
    if (unknown != null) {
      throw FrontendException.unsupportedCapability(unknown);
    }
  }
}
