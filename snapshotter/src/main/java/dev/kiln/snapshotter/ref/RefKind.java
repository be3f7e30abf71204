package dev.kiln.snapshotter.ref;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a ref relates to others; all are named by id. */
sealed interface RefKind {
  /** The refs that this one holds. */
  List<String> parents();

  /**
   * One layer on a parent.
   *
   * @param foreign whether it came as a blob, rather than being built here
   */
  record OneLayer(@Nullable String parent, boolean foreign) implements RefKind {
    @Override
    public List<String> parents() {
      return parent == null ? List.of() : List.of(parent);
    }
  }

  /** The layers of all parents, first parent lowest. */
  record Merge(List<String> parents) implements RefKind {
    public Merge {
      parents = List.copyOf(parents);
    }
  }

  /**
   * What turns lower into upper.
   *
   * @param walked whether it is a layer of its own, found by comparing the trees, rather than the
   *     layers that upper has on top of lower
   */
  record Diff(@Nullable String lower, @Nullable String upper, boolean walked) implements RefKind {
    @Override
    public List<String> parents() {
      List<String> both = new ArrayList<>(2);
      if (lower != null) {
        both.add(lower);
      }
      if (upper != null && !upper.equals(lower)) {
        both.add(upper);
      }
      return both;
    }
  }

  /** A tree that can be written. */
  record Mutable(@Nullable String parent) implements RefKind {
    @Override
    public List<String> parents() {
      return parent == null ? List.of() : List.of(parent);
    }
  }

  /** The unchanging face of a retained mutable ref, which can be opened for writing again. */
  record Frozen(String mutable) implements RefKind {
    @Override
    public List<String> parents() {
      return List.of(mutable);
    }
  }
}
