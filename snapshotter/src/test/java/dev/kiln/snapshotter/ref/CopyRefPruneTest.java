package dev.kiln.snapshotter.ref;

class CopyRefPruneTest extends RefPruneContract {
  @Override
  String snapshotter() {
    return "native";
  }
}
