package dev.kiln.snapshotter.snapshot;

class MemoryRecordsTest extends RecordStoreContract {
  @Override
  RecordStore open() {
    return new MemoryRecords();
  }
}
