package dev.kiln.snapshotter.ref;

class CopyRefStoreTest extends RefStoreContract {
  @Override
  String snapshotter() {
    return "native";
  }
}
