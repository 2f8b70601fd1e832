package dev.guildcast.coordinator.store;

class MemoryCoordinatorStoreTest extends CoordinatorStoreContract {
    private final MemoryCoordinatorStore.SharedDecisions shared = new MemoryCoordinatorStore.SharedDecisions();

    @Override
    CoordinatorStore open() {
        return new MemoryCoordinatorStore(shared);
    }
}
