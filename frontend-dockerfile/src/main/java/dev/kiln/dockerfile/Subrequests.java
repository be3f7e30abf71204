package dev.kiln.dockerfile;

import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.FrontendResult;
import dev.kiln.dockerfile.convert.ConversionRequest;

/** Answers questions about a Dockerfile instead of building it. */
final class Subrequests {

  private final ConversionRequest request;

  Subrequests(ConversionRequest request) {
    this.request = request;
  }

  /**
   * Answers one question.
   *
   * @throws FrontendException if the question is unknown
   */
  FrontendResult answer(String id) {
    if (request.allStages()) {
      return FrontendResult.answer(java.util.Map.of());
    }
    throw FrontendException.unsupportedSubrequest(id);
  }
}
