package dev.kiln.solver.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.CacheMap.Entry;
import dev.kiln.solver.Edge;
import dev.kiln.solver.Miss;
import dev.kiln.solver.Miss.Reason;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.VertexOptions;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.Meta;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.solver.store.MetadataDb;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissFinderTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;
  private MetadataDb db;
  private MissFinder finder;

  @BeforeEach
  void open() throws Exception {
    db = MetadataDb.open(folder, List.of(StepJournal.FAMILY), false);
    finder = new MissFinder(new StepJournal(db));
  }

  @AfterEach
  void close() {
    db.close();
  }

  /** A RUN on an image, to be changed by the tests. */
  private static final class Run {
    private String command = "make";
    private final List<String> env = new ArrayList<>(List.of("PATH=/bin", "FOO=1"));
    private String image = "docker-image://docker.io/library/debian:12@sha256:aa";
    private String project = "here";
    private String name = "[build 2/3] RUN make";
    private Set<String> arguments = Set.of();
    private boolean ignoreCache;
    private String lost;
    private boolean storable = true;
    private List<Step.Input> inputs;

    Step step() {
      Meta meta = Meta.newBuilder().addArgs(command).addAllEnv(env).build();
      Op op = Op.newBuilder().setExec(ExecOp.newBuilder().setMeta(meta)).build();
      Vertex base = source(image);
      VertexOptions options = new VertexOptions(ignoreCache, null, Map.of(), null, null);
      String digest = Sha256.of(op.toByteArray());
      Vertex vertex = new Vertex(digest, digest, op, name, options, List.of(new Edge(base, 0)));
      List<Step.Input> of =
          inputs == null ? List.of(new Step.Input(base, "ref", "", null, List::of)) : inputs;
      return new Step(vertex, digest, project, arguments, of, lost, storable);
    }
  }

  private static Vertex source(String identifier) {
    Op op = Op.newBuilder().setSource(SourceOp.newBuilder().setIdentifier(identifier)).build();
    String digest = Sha256.of(identifier);
    return new Vertex(digest, digest, op, identifier, VertexOptions.NONE, List.of());
  }

  private Miss explain(Run run) {
    return finder.explain(run.step());
  }

  private Miss changed(Run run) {
    Miss miss = explain(run);
    assertThat(miss.reason()).isEqualTo(Reason.CHANGED);
    return miss;
  }

  private void ran(Run run) {
    finder.ran(finder.describe(run.step()), AT);
  }

  @Test
  void whatNeverRanWasNeverBuilt() {
    Miss miss = explain(new Run());
    assertThat(miss.reason()).isEqualTo(Reason.NEVER_BUILT);
    assertThat(miss.nearest()).isNull();
    assertThat(miss.text()).isEqualTo("it was never built before");
  }

  @Test
  void commandDiffers() {
    ran(new Run());
    Run run = new Run();
    run.command = "make\nall";
    Miss miss = changed(run);
    assertThat(miss.text()).isEqualTo("command was \"make\", is now \"make\\nall\"");
    assertThat(miss.nearest()).isEqualTo(new Miss.Nearest("[build 2/3] RUN make", AT));
  }

  @Test
  void variableDiffersIsNewOrIsGone() {
    ran(new Run());
    Run run = new Run();
    run.env.set(1, "FOO=2");
    Miss miss = changed(run);
    assertThat(miss.what()).isEqualTo("environment variable FOO");
    assertThat(miss.before()).isEqualTo("1");
    assertThat(miss.now()).isEqualTo("2");
    assertThat(miss.text()).isEqualTo("environment variable FOO was \"1\", is now \"2\"");
    run.env.set(1, "BAR=2");
    assertThat(changed(run).text())
        .isEqualTo("environment variable BAR is new: \"2\"; 1 more difference");
    run.env.remove(1);
    assertThat(changed(run).text()).isEqualTo("environment variable FOO is gone, was \"1\"");
  }

  @Test
  void argumentsAreCalledSo() {
    ran(new Run());
    Run run = new Run();
    run.env.set(1, "FOO=2");
    run.arguments = Set.of("FOO");
    assertThat(changed(run).text()).isEqualTo("build argument FOO was \"1\", is now \"2\"");
  }

  @Test
  void valuesOfSecretsAreNeitherShownNorKept() {
    Run run = new Run();
    run.env.set(1, "API_TOKEN=hunter1");
    ran(run);
    run.env.set(1, "API_TOKEN=hunter2");
    Miss miss = changed(run);
    assertThat(miss.text())
        .isEqualTo("environment variable API_TOKEN changed (its value is not shown)");
    assertThat(miss.before() + miss.now()).isEmpty();
    db.scan(
        StepJournal.FAMILY,
        new byte[0],
        (key, value) -> {
          assertThat(new String(value, java.nio.charset.StandardCharsets.ISO_8859_1))
              .doesNotContain("hunter");
          return true;
        });
  }

  @Test
  void baseImageDiffers() {
    ran(new Run());
    Run run = new Run();
    run.image = "docker-image://docker.io/library/debian:12@sha256:bb";
    assertThat(changed(run).text())
        .isEqualTo(
            "base image was \"docker.io/library/debian:12@sha256:aa\","
                + " is now \"docker.io/library/debian:12@sha256:bb\"");
  }

  @Test
  void inputMadeAnewIsAConsequence() {
    Run run = new Run();
    Vertex before = new Run().step().vertex();
    run.inputs = List.of(new Step.Input(before, "ref1", "", null, List::of));
    ran(run);
    run.inputs = List.of(new Step.Input(before, "ref2", "", null, List::of));
    assertThat(changed(run).text()).isEqualTo("its input \"[build] RUN make\" was made anew");
    run.env.set(1, "FOO=2");
    assertThat(changed(run).text()).isEqualTo("environment variable FOO was \"1\", is now \"2\"");
  }

  @Test
  void sameFactsMeanThatTheResultIsGone() {
    Run run = new Run();
    ran(run);
    assertThat(explain(run).reason()).isEqualTo(Reason.RESULT_GONE);
    run.storable = false;
    assertThat(explain(run).reason()).isEqualTo(Reason.NOT_CACHEABLE);
    run.lost = "blob not found";
    assertThat(explain(run).text())
        .isEqualTo("its cached result could not be loaded: blob not found");
    run.ignoreCache = true;
    assertThat(explain(run).reason()).isEqualTo(Reason.NO_CACHE);
  }

  @Test
  void nearestIsTheOneWithFewestDifferences() {
    Run run = new Run();
    run.env.set(0, "PATH=/sbin");
    run.env.set(1, "FOO=7");
    ran(run);
    run.env.set(0, "PATH=/bin");
    ran(run);
    run.env.set(0, "PATH=/usr");
    ran(run);
    assertThat(changed(new Run()).text())
        .isEqualTo("environment variable FOO was \"7\", is now \"1\"");
  }

  @Test
  void anotherProjectIsComparedWithOnlyWhereOneThingDiffers() {
    ran(new Run());
    Run run = new Run();
    run.project = "elsewhere";
    run.env.set(1, "FOO=2");
    assertThat(changed(run).what()).isEqualTo("environment variable FOO");
    run.env.set(0, "PATH=/sbin");
    assertThat(explain(run).reason()).isEqualTo(Reason.NEVER_BUILT);
  }

  @Test
  void anotherStepAtTheSamePlaceIsNoneOfIts() {
    ran(new Run());
    Run run = new Run();
    run.command = "test";
    run.env.set(1, "FOO=2");
    assertThat(explain(run).reason()).isEqualTo(Reason.NEVER_BUILT);
  }

  private static Entry file(String path, String content) {
    return new Entry(path, Sha256.of(content), null);
  }

  private static Entry folder(String path, Entry... entries) {
    return folder(path, () -> List.of(entries));
  }

  private static Entry folder(String path, Supplier<List<Entry>> entries) {
    StringBuilder all = new StringBuilder();
    entries.get().forEach(e -> all.append(e.path()).append(e.digest()));
    return new Entry(path, Sha256.of(all.toString()), entries);
  }

  /** A run that reads a tree. */
  private static Run reading(Entry... entries) {
    Run run = new Run();
    Entry top = folder("", entries);
    run.inputs =
        List.of(
            new Step.Input(
                source("local://context"), "ref", "", top.digest(), () -> List.of(entries)));
    return run;
  }

  @Test
  void fileDiffersWithOldAndNewDigest() {
    Entry same = folder("docs", file("x", "x"));
    ran(reading(folder("src", file("a.c", "1"), file("b.c", "1")), same));
    Miss miss = changed(reading(folder("src", file("a.c", "1"), file("b.c", "2")), same));
    assertThat(miss.what()).isEqualTo("file \"src/b.c\"");
    assertThat(miss.before()).isEqualTo(Sha256.of("1"));
    assertThat(miss.now()).isEqualTo(Sha256.of("2"));
    assertThat(changed(reading(folder("src", file("a.c", "1"), file("n.c", "2")), same)).text())
        .isEqualTo("file \"src/b.c\" is gone, was " + Sha256.of("1") + ", and 1 more file");
    assertThat(
            changed(
                    reading(
                        folder("src", file("a.c", "1"), file("aa.c", "3"), file("b.c", "1")), same))
                .text())
        .isEqualTo("file \"src/aa.c\" is new: " + Sha256.of("3"));
  }

  @Test
  void nearestFilesAreThoseOfTheOtherBranch() {
    Run main = reading(file("a", "1"), file("b", "1"), file("c", "1"));
    Run branch = reading(file("a", "2"), file("b", "2"), file("c", "2"));
    ran(main);
    ran(branch);
    Miss miss = changed(reading(file("a", "1"), file("b", "1"), file("c", "3")));
    assertThat(miss.what()).isEqualTo("file \"c\"");
  }

  @Test
  void foldersThatAreTheSameAreNotListedAgain() {
    AtomicInteger listed = new AtomicInteger();
    Entry same =
        folder(
            "docs",
            () -> {
              listed.incrementAndGet();
              return List.of(file("x", "x"));
            });
    ran(reading(file("a", "1"), same));
    int before = listed.get();
    Run run = reading(file("a", "2"), same);
    assertThat(changed(run).what()).isEqualTo("file \"a\"");
    ran(run);
    assertThat(listed.get()).isEqualTo(before);
  }

  @Test
  void filesWithoutListingAreToldAsAWhole() {
    Run run = reading(file("a", "1"));
    Step.Input input = run.inputs.getFirst();
    run.inputs = List.of(new Step.Input(input.vertex(), "ref", "", input.content(), List::of));
    ran(run);
    Miss miss = changed(reading(file("a", "2")));
    assertThat(miss.what()).isEqualTo("files of \"local://context\"");
  }

  @Test
  void recordsSurviveARestartAndStayWithinTheirLimit() throws Exception {
    for (int i = 0; i < 50; i++) {
      Run run = new Run();
      run.command = "step " + i;
      run.name = "[s" + i + " 1/1] RUN";
      MissFinder earlier = new MissFinder(new StepJournal(db, 20, 1 << 20));
      earlier.ran(earlier.describe(run.step()), AT);
    }
    db.close();
    db = MetadataDb.open(folder, List.of(StepJournal.FAMILY), false);
    finder = new MissFinder(new StepJournal(db, 20, 1 << 20));
    Run last = new Run();
    last.command = "step 49";
    last.name = "[s49 1/1] RUN";
    assertThat(explain(last).reason()).isEqualTo(Reason.RESULT_GONE);
    Run first = new Run();
    first.command = "step 0";
    first.name = "[s0 1/1] RUN";
    assertThat(explain(first).reason()).isEqualTo(Reason.NEVER_BUILT);
    int[] rows = new int[1];
    db.scan(
        StepJournal.FAMILY,
        "rd".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        (key, value) -> ++rows[0] > 0);
    assertThat(rows[0]).isBetween(18, 20);
  }
}
