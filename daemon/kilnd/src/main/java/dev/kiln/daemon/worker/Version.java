package dev.kiln.daemon.worker;

import dev.kiln.wire.types.BuildkitVersion;

/** What this daemon calls itself. */
public final class Version {
  /** Kiln's own version. */
  public static final String KILN = "0.1.0";

  /** The BuildKit whose protocol is spoken; clients compare it. */
  public static final String PROTOCOL = "v0.31.0";

  /** The Dockerfile language that the built-in frontend speaks. */
  public static final String DOCKERFILE = "1.26.0";

  static final BuildkitVersion WIRE =
      BuildkitVersion.newBuilder()
          .setPackage("github.com/moby/buildkit")
          .setVersion(PROTOCOL + "+kiln." + KILN)
          .setRevision("kiln-" + KILN)
          .setDockerfileVersion(DOCKERFILE)
          .build();

  private Version() {}
}
