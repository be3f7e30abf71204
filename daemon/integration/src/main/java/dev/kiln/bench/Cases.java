package dev.kiln.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The cases, in the order of docs/benchmarks.md. */
final class Cases {
  private static final int MANY_FILES = 12_000;
  private static final int FILE_SIZE = 10_000;

  private final Client client;
  private final Contexts contexts;
  private final Path work;
  private final String registry;

  /**
   * Makes the cases.
   *
   * @param work folder for contexts and outputs
   * @param registry host and port that images are pushed to
   */
  Cases(Client client, Contexts contexts, Path work, String registry) {
    this.client = client;
    this.contexts = contexts;
    this.work = work;
    this.registry = registry;
  }

  List<Case> all() throws Exception {
    Path cached =
        contexts.folder(
            work.resolve("cached"),
            "FROM base\nCOPY . /src\n" + lines(20, i -> "RUN echo " + i + " >/step" + i));
    Contexts.addFiles(cached, 1000, 1000, 1);
    Path sequence =
        contexts.folder(
            work.resolve("sequence"),
            "FROM base\nARG NONCE\n" + lines(50, i -> "RUN echo $NONCE " + i + " >/step" + i));
    Path stages =
        contexts.folder(
            work.resolve("stages"),
            lines(
                    30,
                    i -> "FROM base AS s" + i + "\nARG NONCE\nRUN echo $NONCE " + i + " >/out" + i)
                + "FROM base\n"
                + lines(30, i -> "COPY --from=s" + i + " /out" + i + " /"));
    Path links =
        contexts.folder(
            work.resolve("links"), "FROM base\n" + lines(400, i -> "COPY --link busybox /l" + i));
    Path tree = contexts.folder(work.resolve("tree"), "FROM scratch\nCOPY data /data\n");
    Contexts.addFiles(tree, MANY_FILES, FILE_SIZE, 2);

    // The shorter a case is, the more of its runs are needed for a median that a slow spell of the
    // machine does not move.
    List<Case> cases = new ArrayList<>();
    cases.add(
        new Case("cached rebuild, 20 steps, 1,000 files", 31, (p, r) -> build(p, cached, "-")));
    cases.add(new Case("50 RUN steps in sequence", 5, (p, r) -> build(p, sequence, nonce(p, r))));
    cases.add(new Case("30 stages joined by COPY", 5, (p, r) -> build(p, stages, nonce(p, r))));
    cases.add(new Case("12,000 new files, 120 MB, sent and copied", 3, this::newFiles));
    cases.add(new Case("one file of them changed", 5, (p, r) -> changedFile(tree, p, r)));
    cases.add(new Case("push a 128 MB layer, gzip", 3, (p, r) -> push(p, r, "gzip")));
    cases.add(new Case("push a 128 MB layer, zstd", 3, (p, r) -> push(p, r, "zstd")));
    cases.add(new Case("export 12,000 files to a folder", 3, (p, r) -> export(tree, p, r)));
    cases.add(new Case("12 builds of 9 steps at once", 5, this::atOnce));
    cases.add(new Case("400 cached COPY --link steps", 9, (p, r) -> build(p, links, "-")));
    return cases;
  }

  private long build(Peer peer, Path context, String nonce) throws Exception {
    return client.build(peer, context, nonce, "");
  }

  private long newFiles(Peer peer, int run) throws Exception {
    String name = "files-" + nonce(peer, run);
    Path context = contexts.folder(work.resolve(name), "FROM scratch\nCOPY data /data\n");
    Contexts.addFiles(context, MANY_FILES, FILE_SIZE, name.hashCode());
    try {
      return build(peer, context, "-");
    } finally {
      Trees.delete(context);
    }
  }

  private long changedFile(Path tree, Peer peer, int run) throws Exception {
    Files.writeString(tree.resolve("data/7/file777"), "changed for " + nonce(peer, run));
    return build(peer, tree, "-");
  }

  private long push(Peer peer, int run, String compression) throws Exception {
    String name = "push-" + compression + "-" + nonce(peer, run);
    Path context = contexts.folder(work.resolve(name), "FROM scratch\nCOPY large /large\n");
    Contexts.addLargeFile(context.resolve("large"), 128, name.hashCode());
    build(peer, context, "-");
    String output =
        "type=image,name=%s/bench:%s,push=true,oci-mediatypes=true,compression=%s"
            .formatted(registry, name.toLowerCase(java.util.Locale.ROOT), compression);
    try {
      return client.build(peer, context, "-", output);
    } finally {
      Trees.delete(context);
    }
  }

  private long export(Path tree, Peer peer, int run) throws Exception {
    build(peer, tree, "-");
    Path destination = work.resolve("export-" + nonce(peer, run));
    try {
      return client.build(peer, tree, "-", "type=local,dest=" + destination);
    } finally {
      Trees.delete(destination);
    }
  }

  private long atOnce(Peer peer, int run) throws Exception {
    List<Path> folders = new ArrayList<>();
    for (int build = 0; build < 12; build++) {
      String text = "FROM base\nARG NONCE\n" + lines(9, i -> "RUN echo $NONCE " + i + " >/s" + i);
      folders.add(contexts.folder(work.resolve("many-" + nonce(peer, run) + build), text));
    }
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> builds = new ArrayList<>();
      for (Path folder : folders) {
        builds.add(threads.submit(() -> build(peer, folder, folder.getFileName().toString())));
      }
      for (Future<Long> build : builds) {
        build.get();
      }
    }
    long took = System.nanoTime() - start;
    for (Path folder : folders) {
      Trees.delete(folder);
    }
    return took;
  }

  private static String nonce(Peer peer, int run) {
    return peer.name() + "-" + run + "-" + ProcessHandle.current().pid();
  }

  private static String lines(int count, java.util.function.IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
  }
}
