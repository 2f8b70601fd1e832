package dev.guildcast.shard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.delivery.v1.SessionLifecycle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosedSessionConsumerTest {
    private final List<SessionLifecycle> closed = new ArrayList<>();
    private final ClosedSessionConsumer consumer = new ClosedSessionConsumer(closed::add);

    private static SessionLifecycle lifecycle(SessionLifecycle.Kind kind) {
        return SessionLifecycle.newBuilder().setKind(kind).setUserId(7).build();
    }

    @Test
    void passesOnClosedSessionsOnly() {
        for (var kind : SessionLifecycle.Kind.values()) {
            if (kind != SessionLifecycle.Kind.UNRECOGNIZED) {
                consumer.accept(lifecycle(kind).toByteArray());
            }
        }
        assertThat(closed).containsExactly(lifecycle(SessionLifecycle.Kind.CLOSED));
    }

    @Test
    void skipsAMalformedRecord() {
        consumer.accept(new byte[] {(byte) 0xff, 1, 2});
        assertThat(closed).isEmpty();
    }

    @Test
    void leavesAFailureToTheBinderWhichRetries() {
        var failing = new ClosedSessionConsumer(session -> {
            throw new IllegalStateException("log unavailable");
        });
        assertThatThrownBy(() ->
                        failing.accept(lifecycle(SessionLifecycle.Kind.CLOSED).toByteArray()))
                .hasMessage("log unavailable");
    }
}
