package dev.kiln.snapshotter.ref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What pruning takes and what it leaves, whatever the snapshotter. */
abstract class RefPruneContract extends RefStoreFixture {
  @Test
  void pruneKeepsWhatIsHeldAndFreesParentsLater() throws IOException {
    ImmutableRef one = file(null, "one", "1");
    ImmutableRef two = file(one, "two", "2");
    one.close();
    pruneAll();
    assertThat(store.usage(List.of())).hasSize(2);
    two.close();
    List<String> gone = new ArrayList<>();
    store.prune(PruneOptions.everything(), r -> gone.add(r.id()));
    assertThat(gone).containsExactly(two.id(), one.id());
  }

  @Test
  void pruneObeysDurationTypeAndFilters() throws IOException {
    file(null, "old", "1").close();
    try (MutableRef internal =
        store.newMutable(
            null, RefOptions.described("i").withType(RecordType.INTERNAL).retained())) {
      internal.description();
    }
    clock.now = clock.now.plus(Duration.ofHours(2));
    file(null, "new", "2").close();
    store.prune(new PruneOptions(List.of("description==nothing"), true, null, 0, 0, 0), r -> {});
    assertThat(store.usage(List.of())).hasSize(3);
    store.prune(
        new PruneOptions(List.of(), false, Duration.ofHours(1), 0, 0, 0),
        r -> assertThat(r.description()).isEqualTo("built"));
    assertThat(store.usage(List.of())).hasSize(2);
    assertThat(store.usage(List.of("type==internal"))).hasSize(1);
    assertThat(store.usage(List.of("mutable,type==regular", "immutable"))).hasSize(1);
    assertThat(store.usage(List.of("description~=^b.*t$"))).hasSize(1);
    assertThatThrownBy(() -> store.usage(List.of("=x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pruneToASizeTakesTheLeastValuableFirst() throws IOException {
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String content = ("" + i).repeat(100_000);
      try (ImmutableRef ref = file(null, "f" + i, content)) {
        order.add(ref.id());
      }
      clock.now = clock.now.plusSeconds(60);
    }
    for (int i = 0; i < 3; i++) {
      store.get(order.get(0)).close();
    }
    List<String> gone = new ArrayList<>();
    store.prune(new PruneOptions(List.of(), true, null, 0, 250_000, 0), r -> gone.add(r.id()));
    assertThat(gone).containsExactly(order.get(1), order.get(2));
  }
}
