package dev.guildcast.coordinator.topics;

class MemoryTopicAdminTest extends TopicAdminContract {
    private final MemoryTopicAdmin admin = new MemoryTopicAdmin();

    @Override
    TopicAdmin admin() {
        return admin;
    }
}
