package dev.guildcast.fanout.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.fanout.json.JsonWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PresenceLoaderTest {
    private final List<Collection<Long>> requested = new ArrayList<>();
    private final List<CompletableFuture<Map<Long, PresenceSnapshot>>> responses = new ArrayList<>();
    private final PresenceLoader presences = new PresenceLoader(
            new InMemoryPresenceCache(3),
            users -> {
                requested.add(List.copyOf(users));
                responses.add(new CompletableFuture<>());
                return responses.getLast();
            },
            2);

    @Test
    void loadsPageByPageWithoutBlocking() {
        presences.load(List.of(1L, 2L, 3L), Runnable::run);
        assertThat(requested).containsExactly(List.of(1L, 2L));
        assertThat(presences.users()).isEmpty();
        responses.getFirst().complete(Map.of(2L, presence("idle")));
        assertThat(requested).hasSize(2);
        responses.getLast().complete(Map.of(3L, presence("dnd")));
        assertThat(presences.users()).containsExactly(2L, 3L);
    }

    @Test
    void anUpdateDuringTheLoadIsKept() {
        presences.load(List.of(1L, 2L), Runnable::run);
        presences.put(1, presence("dnd"));
        presences.put(2, presence("offline"));
        responses.getFirst().complete(Map.of(1L, presence("idle"), 2L, presence("idle")));
        assertThat(presences.get(1)).isEqualTo(presence("dnd"));
        assertThat(presences.get(2)).isNull();
    }

    @Test
    void aFailedPageIsSkipped() {
        presences.load(List.of(1L, 2L, 3L), Runnable::run);
        responses.getFirst().completeExceptionally(new IllegalStateException("away"));
        responses.getLast().complete(Map.of(3L, presence("online")));
        assertThat(presences.users()).containsExactly(3L);
    }

    @Test
    void keepsNoMoreUsersThanItsBound() {
        for (long user = 1; user <= 5; user++) {
            presences.put(user, presence("online"));
        }
        assertThat(presences.users()).containsExactly(1L, 2L, 3L);
        presences.put(1, presence("offline"));
        presences.put(5, presence("online"));
        assertThat(presences.users()).containsExactly(2L, 3L, 5L);
    }

    private static PresenceSnapshot presence(String status) {
        return new PresenceSnapshot(status, JsonWriter.ascii("[]"), JsonWriter.ascii("{}"));
    }
}
