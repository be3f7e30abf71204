package dev.kiln.integration.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.integration.Await;
import dev.kiln.integration.Run;
import dev.kiln.integration.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A power cut, simulated. Three file systems lie in each other: the store is on the innermost. The
 * outermost is frozen, which stops every write to the image of the middle one at one moment, and
 * the image is copied. What the store's file system has written but not flushed is in the memory of
 * the middle one then, and so is not in the copy but for what happened to be written back: as with
 * a disk whose cache is lost. (Freezing the store's own file system would sync it, which no power
 * cut does.) Not simulated: sectors that are half written, and disks that lie about a flush.
 */
@Timeout(600)
class PowerCutTest {
  private static final int SHORT_RUN = 3;
  private static final long MEBIBYTE = 1L << 20;
  private static final int MAX_BYTES = 1_000_000;
  private static final int CUT_WITHIN_MS = 2_500;

  @TempDir Path folder;
  private final Deque<AutoCloseable> mounted = new ArrayDeque<>();

  /** The disk at one moment, and what was promised before it. */
  private record Cut(Path image, Ledger promised) {}

  private LoopDisk opened(LoopDisk disk) {
    mounted.push(disk);
    return disk;
  }

  private void unmount() throws Exception {
    while (!mounted.isEmpty()) {
      mounted.pop().close();
    }
  }

  @Test
  void everythingReportedDoneSurvivesAPowerCut() throws Exception {
    LoopDisk.require();
    Tools.require("fsfreeze");
    long seed = Long.getLong("crash.seed", System.nanoTime());
    int cuts = Integer.getInteger("crash.cuts", SHORT_RUN);
    System.out.println("power cut test: -Dcrash.cuts=" + cuts + " -Dcrash.seed=" + seed);
    Path root = folder.resolve("root");
    try {
      LoopDisk outer =
          opened(
              LoopDisk.make(folder.resolve("outer.img"), folder.resolve("outer"), 3000 * MEBIBYTE));
      LoopDisk middle =
          opened(
              LoopDisk.make(
                  outer.point().resolve("disk"), folder.resolve("middle"), 2400 * MEBIBYTE));
      opened(LoopDisk.make(middle.point().resolve("store"), root, 2000 * MEBIBYTE));
      try (CrashSite site = CrashSite.prepare(folder, root)) {
        List<Cut> taken = work(site, outer, new Random(seed), cuts);
        site.kilnd().kill();
        awaitNoProcessIn(root);
        unmount();
        for (Cut cut : taken) {
          assertHoldsWhatWasPromised(site, cut);
        }
      }
    } finally {
      unmount();
    }
  }

  /** A runtime that waits for its next container notices a moment later that nobody will come. */
  private static void awaitNoProcessIn(Path root) throws Exception {
    Await.until(
        Duration.ofSeconds(20),
        "the processes of the killed daemon end",
        () ->
            ProcessHandle.allProcesses()
                .noneMatch(p -> p.info().commandLine().orElse("").contains(root.toString())));
  }

  /** Builds, and takes copies meanwhile. */
  private List<Cut> work(CrashSite site, LoopDisk outer, Random random, int cuts) throws Exception {
    site.start();
    site.build(site.newPlan(MAX_BYTES));
    List<Cut> taken = new ArrayList<>();
    for (int i = 0; i < cuts; i++) {
      List<Client> clients = new ArrayList<>();
      for (int builds = 1 + random.nextInt(2); builds >= 0; builds--) {
        Plan plan = site.newPlan(1 + random.nextInt(MAX_BYTES));
        String output =
            random.nextBoolean()
                ? "type=image,push=true,name=" + site.image(plan.name)
                : "type=local,dest=" + site.fresh();
        clients.add(site.begin(plan, "--output=" + output));
      }
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(CUT_WITHIN_MS)).toNanos());
      taken.add(cut(site, outer, clients, folder.resolve("cut" + i)));
      for (Client client : clients) {
        assertThat(client.await()).as("%s\n%s", client.said(), site.kilnd().log()).isTrue();
        client.words().forEach(site.ledger::add);
      }
    }
    return taken;
  }

  private Cut cut(CrashSite site, LoopDisk outer, List<Client> clients, Path image)
      throws IOException, InterruptedException {
    clients.forEach(client -> client.words().forEach(site.ledger::add));
    Ledger promised = site.ledger.copy();
    Run.of(Tools.require("fsfreeze"), "--freeze", outer.point().toString()).ok();
    try {
      Run.of(
              Tools.require("cp"),
              "--sparse=always",
              outer.point().resolve("disk").toString(),
              image.toString())
          .ok();
    } finally {
      Run.of(Tools.require("fsfreeze"), "--unfreeze", outer.point().toString()).ok();
    }
    return new Cut(image, promised);
  }

  private void assertHoldsWhatWasPromised(CrashSite site, Cut cut) throws Exception {
    System.out.printf("%s: %d steps promised%n", cut.image().getFileName(), cut.promised().size());
    LoopDisk middle = opened(LoopDisk.mount(cut.image(), folder.resolve("middle")));
    opened(LoopDisk.mount(middle.point().resolve("store"), site.root));
    site.ledger.become(cut.promised());
    site.start();
    for (Plan plan : site.plans) {
      site.build(plan);
    }
    site.assertNothingRuns();
    site.assertNothingStays();
    site.kilnd().close();
    unmount();
    Files.delete(cut.image());
  }
}
