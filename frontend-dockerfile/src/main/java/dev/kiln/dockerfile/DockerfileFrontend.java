package dev.kiln.dockerfile;

import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.FrontendResult;

/** The built-in frontend {@code dockerfile.v0}. Stateless and safe to share. */
public final class DockerfileFrontend {

  /**
   * Builds what the bridge's options ask for.
   *
   * @throws FrontendException if the Dockerfile or an option is at fault
   */
  public FrontendResult build(FrontendBridge bridge) {
    if (bridge.options().containsKey("cmdline")) {
      throw FrontendException.failed("could not build: the frontend cannot convert yet");
    }
    return FrontendResult.answer(java.util.Map.of());
  }
}
