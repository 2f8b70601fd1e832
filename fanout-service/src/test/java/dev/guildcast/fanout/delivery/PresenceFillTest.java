package dev.guildcast.fanout.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.fanout.event.JsonText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PresenceFillTest {
    private final List<Collection<Long>> asked = new ArrayList<>();
    private final List<CompletableFuture<Map<Long, KnownPresence>>> answers = new ArrayList<>();
    private final PresenceFill presences = new PresenceFill(
            new InMemoryPresenceView(3),
            users -> {
                asked.add(List.copyOf(users));
                answers.add(new CompletableFuture<>());
                return answers.getLast();
            },
            2);

    @Test
    void asksPageByPageAndWaitsForNobody() {
        presences.fill(List.of(1L, 2L, 3L), Runnable::run);
        assertThat(asked).containsExactly(List.of(1L, 2L));
        assertThat(presences.users()).isEmpty();
        answers.getFirst().complete(Map.of(2L, presence("idle")));
        assertThat(asked).hasSize(2);
        answers.getLast().complete(Map.of(3L, presence("dnd")));
        assertThat(presences.users()).containsExactly(2L, 3L);
    }

    @Test
    void whatWasHeardMeanwhileIsNewer() {
        presences.fill(List.of(1L, 2L), Runnable::run);
        presences.remember(1, presence("dnd"));
        presences.remember(2, presence("offline"));
        answers.getFirst().complete(Map.of(1L, presence("idle"), 2L, presence("idle")));
        assertThat(presences.of(1)).isEqualTo(presence("dnd"));
        assertThat(presences.of(2)).isNull();
    }

    @Test
    void aPageThatFailsIsLeftOut() {
        presences.fill(List.of(1L, 2L, 3L), Runnable::run);
        answers.getFirst().completeExceptionally(new IllegalStateException("away"));
        answers.getLast().complete(Map.of(3L, presence("online")));
        assertThat(presences.users()).containsExactly(3L);
    }

    @Test
    void noMoreUsersAreRememberedThanTheBound() {
        for (long user = 1; user <= 5; user++) {
            presences.remember(user, presence("online"));
        }
        assertThat(presences.users()).containsExactly(1L, 2L, 3L);
        presences.remember(1, presence("offline"));
        presences.remember(5, presence("online"));
        assertThat(presences.users()).containsExactly(2L, 3L, 5L);
    }

    private static KnownPresence presence(String status) {
        return new KnownPresence(status, JsonText.ascii("[]"), JsonText.ascii("{}"));
    }
}
