package dev.kiln.bench;

import dev.kiln.dockerfile.DockerfileFrontend;
import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.FrontendResult;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.bridge.SourceMeta;
import dev.kiln.dockerfile.bridge.SourceRequest;
import dev.kiln.dockerfile.bridge.Warning;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Platform;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How long the way from a Dockerfile's text to LLB takes, without a daemon. */
final class DockerfileCases {
  private static final int STAGES = 200;
  private static final List<Integer> SIZES = List.of(100, 1_000, 10_000);

  /** Until the compiler has seen enough. */
  private static final int WARM_RUNS = 100;

  private static final int RUNS = 15;

  /** A conversion waits for nothing here, so the processor's time is all that it takes. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private DockerfileCases() {}

  /** Parses and converts files of several sizes; the figures in one line. */
  static String run() {
    String staged = stages();
    String flat = flat(SIZES.get(1));
    for (int run = 0; run < WARM_RUNS; run++) {
      convert(staged);
      convert(flat);
    }
    List<String> figures = new ArrayList<>();
    figures.add(figure("1,000 lines with 200 stages", staged));
    for (int size : SIZES) {
      figures.add(figure(String.format(Locale.ROOT, "%,d instructions", size), flat(size)));
    }
    return "Dockerfile to LLB, warm: " + String.join("; ", figures);
  }

  private static String figure(String name, String dockerfile) {
    double[] millis = new double[RUNS];
    for (int run = 0; run < RUNS; run++) {
      long start = THREADS.getCurrentThreadCpuTime();
      convert(dockerfile);
      millis[run] = (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
    }
    return String.format(Locale.ROOT, "%s %.1f ms", name, Rounds.median(millis));
  }

  private static void convert(String dockerfile) {
    Text text = new Text(dockerfile);
    new DockerfileFrontend().build(text);
    if (text.definitions == 0) {
      throw new IllegalStateException("the Dockerfile was not converted");
    }
  }

  /** Five lines for each stage; each stands on the one before. */
  private static String stages() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < STAGES; i++) {
      text.append("FROM ").append(i == 0 ? "scratch" : "s" + (i - 1));
      text.append(" AS s").append(i).append('\n');
      text.append("ENV NUMBER=").append(i).append('\n');
      text.append("COPY file").append(i).append(" /dir/$NUMBER/\n");
      text.append("RUN step ").append(i).append(" && other \"$NUMBER\"\n");
      text.append("LABEL number=${NUMBER:-none}\n");
    }
    return text.toString();
  }

  private static String flat(int instructions) {
    StringBuilder text = new StringBuilder("FROM scratch\n");
    for (int i = 1; i < instructions; i++) {
      switch (i % 4) {
        case 0 -> text.append("RUN step ").append(i).append('\n');
        case 1 -> text.append("COPY file").append(i % 50).append(" /dir/\n");
        case 2 -> text.append("WORKDIR /dir/").append(i % 50).append('\n');
        default -> text.append("ENV NAME").append(i % 50).append('=').append(i).append('\n');
      }
    }
    return text.toString();
  }

  /** What the frontend talks to: it hands out one Dockerfile and takes the graph. */
  private static final class Text implements FrontendBridge {
    private final String dockerfile;
    private int definitions;

    Text(String dockerfile) {
      this.dockerfile = dockerfile;
    }

    /** The folder with the Dockerfile, or what was built. */
    private enum Ref implements FrontendRef {
      ANY
    }

    @Override
    public Map<String, String> options() {
      return Map.of();
    }

    @Override
    public Map<String, Definition> inputs() {
      return Map.of();
    }

    @Override
    public String sessionId() {
      return "session";
    }

    @Override
    public List<Platform> buildPlatforms() {
      return List.of(Platform.newBuilder().setOS("linux").setArchitecture("amd64").build());
    }

    @Override
    public FrontendResult solve(SolveRequest request) {
      // More than the folders of the Dockerfile and of the ignore file.
      definitions += request.definition().getDefCount() > 2 ? 1 : 0;
      return FrontendResult.single(Ref.ANY, Map.of());
    }

    @Override
    public byte[] readFile(FrontendRef ref, String path, @Nullable FileRange range) {
      if (!path.equals("Dockerfile")) {
        throw new IllegalStateException("open " + path + ": no such file or directory");
      }
      return dockerfile.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public FileStat statFile(FrontendRef ref, String path) {
      throw new IllegalStateException("stat " + path + ": no such file or directory");
    }

    @Override
    public List<FileStat> readDir(FrontendRef ref, String path, @Nullable String includePattern) {
      return List.of();
    }

    @Override
    public SourceMeta resolveSource(SourceRequest request) {
      throw new IllegalStateException("all stages stand on scratch");
    }

    @Override
    public void warn(Warning warning) {}
  }
}
