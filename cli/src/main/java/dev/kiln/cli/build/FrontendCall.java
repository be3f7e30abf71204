package dev.kiln.cli.build;

import dev.kiln.cli.flag.CallSpec;
import dev.kiln.wire.gateway.LLBBridgeGrpc;
import dev.kiln.wire.gateway.PingRequest;
import dev.kiln.wire.gateway.Result;
import dev.kiln.wire.gateway.ReturnRequest;
import dev.kiln.wire.gateway.SolveRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a frontend a question in place of building. The client plays the build's frontend itself and
 * hands the question on, since only so the answer comes back to it.
 */
public final class FrontendCall {
  private static final Logger LOG = LoggerFactory.getLogger(FrontendCall.class);
  private static final String CAPABILITY = "moby.buildkit.frontend.subrequests+forward";
  private static final Metadata.Key<String> BUILD_ID =
      Metadata.Key.of("buildkit-controlapi-buildid", Metadata.ASCII_STRING_MARSHALLER);

  private final BuildRun run;
  private final ManagedChannel daemon;
  private final SolvePlan plan;
  private final CallSpec question;
  private final Map<String, String> answer = new HashMap<>();

  /** Asks in this run, which then builds nothing. */
  public FrontendCall(BuildRun run, ManagedChannel daemon, SolvePlan plan, CallSpec question) {
    this.run = run;
    this.daemon = daemon;
    this.plan = plan;
    this.question = question;
  }

  /** The answer's parts, such as {@code result.txt} and {@code result.json}. */
  public Map<String, String> run() throws IOException {
    String frontend = plan.frontend;
    Map<String, String> attributes = new HashMap<>(plan.attributes);
    attributes.merge("frontend.caps", CAPABILITY, ContextInput.CAPS);
    attributes.put("requestid", "frontend." + question.name());
    plan.frontend = "";
    Map<String, String> response = new HashMap<>(run.run(session -> ask(frontend, attributes)));
    response.putAll(answer);
    return response;
  }

  private void ask(String frontend, Map<String, String> attributes) {
    Metadata headers = new Metadata();
    headers.put(BUILD_ID, run.ref());
    var bridge =
        LLBBridgeGrpc.newBlockingStub(daemon)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    ReturnRequest.Builder end = ReturnRequest.newBuilder();
    try {
      var _ = bridge.ping(PingRequest.getDefaultInstance());
      Result result =
          bridge
              .solve(
                  SolveRequest.newBuilder()
                      .setFrontend(frontend)
                      .putAllFrontendOpt(attributes)
                      .setAllowResultReturn(true)
                      .setAllowResultArrayRef(true)
                      .build())
              .getResult();
      result.getMetadataMap().forEach((key, value) -> answer.put(key, value.toStringUtf8()));
      end.setResult(result);
    } catch (StatusRuntimeException e) {
      com.google.rpc.Status status = StatusProto.fromThrowable(e);
      end.setError(status == null ? com.google.rpc.Status.getDefaultInstance() : status);
    }
    try {
      var _ = bridge.return_(end.build());
    } catch (StatusRuntimeException e) {
      LOG.debug("the build ended before its answer was taken", e);
    }
  }

  /**
   * Prints an answer; returns the exit code that it asks for.
   *
   * @param err where the error goes that the frontend found in place of warnings
   */
  public static int print(
      CallSpec question,
      Map<String, String> answer,
      SolvePlan plan,
      PrintStream out,
      PrintStream err) {
    String json = answer.getOrDefault("result.json", "");
    String text = answer.getOrDefault("result.txt", "");
    if (question.format().equals("json") && !json.isEmpty()) {
      out.println(json);
    } else if (question.name().equals("lint")) {
      new LintAnswer(json, text, plan.dockerfileName).print(out, err);
    } else {
      out.print(text);
    }
    String status = answer.getOrDefault("result.statuscode", "0");
    return question.ignoreStatus() || !status.matches("[0-9]{1,3}") ? 0 : Integer.parseInt(status);
  }
}
