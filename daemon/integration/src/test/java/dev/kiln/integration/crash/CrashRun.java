package dev.kiln.integration.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.integration.KilndProcess;
import dev.kiln.integration.crash.Vandal.Damage;
import dev.kiln.integration.crash.Vandal.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Rounds of: work, a kill in the midst of it, perhaps damage, a new start, questions. */
final class CrashRun {
  private static final int PLANS = 6;
  private static final int MAX_BYTES = 3_000_000;
  private static final int CLEAN_OUT_EVERY = 6;

  private final CrashSite site;
  private final long seed;
  private final List<String> story = new ArrayList<>();
  private long buildMillis;
  private Random random = new Random();
  private int kept;
  private int damaged;

  CrashRun(CrashSite site, long seed) {
    this.site = site;
    this.seed = seed;
  }

  /**
   * Goes through rounds.
   *
   * @param limit after this time no round begins any more
   * @return how many rounds there were
   */
  int run(int rounds, Duration limit) throws Exception {
    long start = System.nanoTime();
    site.build(site.newPlan(MAX_BYTES));
    // Builds take as long as the machine lets them, so the kills are spread over that.
    buildMillis = (System.nanoTime() - start) / 1_000_000;
    int round = 0;
    while (round < rounds && System.nanoTime() - start < limit.toNanos()) {
      round++;
      random = new Random(seed + 1_000_003L * round);
      story.clear();
      long began = System.nanoTime();
      try {
        round(round);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "round %d of -Dcrash.seed=%d: %s%n%s".formatted(round, seed, story, e.getMessage()), e);
      }
      System.out.printf(
          "crash round %d, %d ms, %d steps promised: %s%n",
          round, (System.nanoTime() - began) / 1_000_000, site.ledger.size(), story);
    }
    System.out.printf("%d rounds, %d with damage, %d builds asked again%n", round, damaged, kept);
    return round;
  }

  private void round(int round) throws Exception {
    List<Client> clients = new ArrayList<>();
    Set<Plan> touched = new LinkedHashSet<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Plan plan = choosePlan();
      touched.add(plan);
      clients.add(begin(plan));
    }
    Process pruning = random.nextInt(4) == 0 ? prune() : null;
    boolean ordered = random.nextInt(8) == 0;
    LockSupport.parkNanos(
        Duration.ofMillis((long) (random.nextDouble() * 1.5 * buildMillis)).toNanos());
    if (ordered) {
      story.add("stopped in order");
      site.kilnd().close();
    } else {
      site.kilnd().kill();
    }
    settle(clients, pruning);
    boolean lost = random.nextInt(3) == 0 && damage(ordered);
    if (random.nextInt(6) == 0) {
      Duration later = Duration.ofMillis(random.nextInt(1_000));
      story.add("killed once more after " + later.toMillis() + " ms");
      KilndProcess.startAndKill(site.folder, site.root, later);
    }
    site.start();
    ask(touched, lost);
    if (round % CLEAN_OUT_EVERY == 0) {
      story.add("cleaned out");
      site.assertNothingStays();
    }
  }

  private Plan choosePlan() throws Exception {
    if (site.plans.size() < PLANS || random.nextInt(4) == 0) {
      if (site.plans.size() >= PLANS) {
        site.plans.removeFirst();
      }
      return site.newPlan(1 + random.nextInt(MAX_BYTES));
    }
    Plan plan = site.plans.get(random.nextInt(site.plans.size()));
    if (random.nextInt(3) == 0) {
      plan.changeNote();
    }
    return plan;
  }

  private Client begin(Plan plan) throws Exception {
    String output =
        switch (random.nextInt(6)) {
          case 0 -> "type=image,name=" + site.image(plan.name) + ",push=true";
          case 1 ->
              "type=image,compression=zstd,force-compression=true,push=true,name="
                  + site.image(plan.name + "-zstd");
          case 2 -> "type=oci,dest=" + site.fresh() + ".tar";
          case 3 -> "type=tar,dest=" + site.fresh() + ".tar";
          default -> "type=local,dest=" + site.fresh();
        };
    story.add(plan.name + " to " + output.replaceAll(",.*", ""));
    return site.begin(plan, "--output=" + output);
  }

  private Process prune() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("prune"));
    if (random.nextBoolean()) {
      Plan plan = site.plans.get(random.nextInt(site.plans.size()));
      site.ledger.forget(plan);
      arguments.add("--filter=description~=" + plan.name + "-step");
    } else {
      site.ledger.clear();
      arguments.add("--all");
    }
    story.add(String.join(" ", arguments));
    return site.launch(arguments);
  }

  private void settle(List<Client> clients, Process pruning) throws Exception {
    int ended = 0;
    for (Client client : clients) {
      ended += client.await() ? 1 : 0;
      if (pruning == null) {
        client.words().forEach(site.ledger::add);
      }
    }
    story.add(ended + " of " + clients.size() + " builds came to their end");
    if (pruning != null) {
      pruning.waitFor();
    }
  }

  /** Damages something; says whether work may be lost. */
  private boolean damage(boolean ordered) throws Exception {
    damaged++;
    Damage damage = new Vandal(site.root, random).damage(ordered);
    story.add(damage.what());
    if (damage.loss() == Loss.WORK) {
      site.ledger.clear();
      return true;
    }
    return false;
  }

  private void ask(Set<Plan> touched, boolean lost) throws Exception {
    site.assertNothingRuns();
    List<Plan> asked = new ArrayList<>(touched);
    asked.add(site.plans.get(random.nextInt(site.plans.size())));
    asked.subList(Math.min(2, asked.size()), asked.size()).clear();
    for (Plan plan : asked) {
      site.build(plan);
      kept++;
    }
    if (lost || random.nextInt(3) > 0) {
      return;
    }
    // What was pushed to a registry must be there for others.
    Plan plan = site.plans.get(random.nextInt(site.plans.size()));
    Client push =
        site.begin(plan, "--output=type=image,push=true,name=" + site.image(plan.name + "-asked"));
    assertThat(push.await()).as("push: %s%n%s", push.said(), site.kilnd().log()).isTrue();
  }
}
