package dev.kiln.dockerfile;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.FrontendResult;
import dev.kiln.dockerfile.convert.ConversionRequest;
import dev.kiln.dockerfile.convert.Converted;
import dev.kiln.dockerfile.convert.DockerfileConverter;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.subrequest.LintReport;
import dev.kiln.dockerfile.subrequest.LlbListing;
import dev.kiln.dockerfile.subrequest.Outline;
import dev.kiln.dockerfile.subrequest.SubrequestAnswer;
import dev.kiln.dockerfile.subrequest.SubrequestList;
import dev.kiln.dockerfile.subrequest.TargetList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
   * @throws DockerfileException if the file is at fault and the question is not whether it is
   */
  FrontendResult answer(String id) {
    SubrequestAnswer answer =
        switch (id) {
          case SubrequestList.DESCRIBE -> SubrequestList.answer();
          case SubrequestList.OUTLINE -> outline();
          case SubrequestList.TARGETS -> TargetList.answer(request.file().data().toByteArray());
          case SubrequestList.LINT -> lint();
          case SubrequestList.CONVERT_LLB -> listing();
          default -> throw FrontendException.unsupportedSubrequest(id);
        };
    Map<String, ByteString> metadata = new LinkedHashMap<>();
    answer.metadata().forEach((key, text) -> metadata.put(key, ByteString.copyFromUtf8(text)));
    return FrontendResult.answer(metadata);
  }

  private SubrequestAnswer outline() {
    var found = DockerfileConverter.outline(request);
    return new Outline(
            found.name(),
            found.description(),
            found.arguments().stream()
                .map(a -> new Outline.Arg(a.name(), a.description(), a.value(), a.location()))
                .toList(),
            needs(found.secrets()),
            needs(found.ssh()),
            request.file().data())
        .answer();
  }

  private static List<Outline.Need> needs(List<dev.kiln.dockerfile.convert.Outline.Need> found) {
    return found.stream()
        .map(need -> new Outline.Need(need.name(), need.required(), need.location()))
        .toList();
  }

  private SubrequestAnswer lint() {
    LintReport report = new LintReport(request.file().map().toWire());
    try {
      var _ = DockerfileConverter.convert(request.forLint(report));
    } catch (DockerfileException fault) {
      report.fail(fault.message(), fault.locations());
    } catch (FrontendException fault) {
      report.fail(String.valueOf(fault.getMessage()), List.of());
    }
    return report.answer();
  }

  private SubrequestAnswer listing() {
    Converted converted = DockerfileConverter.convert(request);
    return LlbListing.answer(Marshaller.marshal(converted.state(), converted.platform()));
  }
}
