package dev.kiln.wire.error;

/** The registered names of BuildKit's error details. */
final class TypeUrls {
  private static final String BASE = "github.com/moby/buildkit/";

  static final String VERTEX = BASE + "errdefs.Vertex+json";
  static final String SOURCE = BASE + "errdefs.Source+json";
  static final String FRONTEND = BASE + "errdefs.Frontend+json";
  static final String FRONTEND_CAP = BASE + "errdefs.FrontendCap+json";
  static final String COMPATIBILITY_FEATURE = BASE + "errdefs.CompatibilityFeature+json";
  static final String SUBREQUEST = BASE + "errdefs.Subrequest+json";
  static final String SOLVE = BASE + "errdefs.Solve+json";
  static final String PROVENANCE_MATERIALS_INCOMPLETE =
      BASE + "errdefs.ProvenanceMaterialsIncomplete+json";
  static final String EXIT_MESSAGE = BASE + "gatewayapi.ExitMessage+json";
  static final String POLICY_DECISION = BASE + "policysession.DecisionResponse+json";

  private TypeUrls() {}
}
