package dev.guildcast.session.lifecycle;

import static dev.guildcast.session.testing.TestRecords.close;
import static dev.guildcast.session.testing.TestRecords.of;
import static dev.guildcast.session.testing.TestRecords.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.testing.TestLog;
import dev.guildcast.session.testing.TestShard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleEventEmitterTest {
    private static final long OWNER = 77;

    private final TestLog log = new TestLog();
    private final SessionShard machine =
            new SessionShard(ShardId.session(3), new Topology(4, 1, 1, 4), Duration.ofMinutes(5), 16);
    private final List<String> published = new ArrayList<>();
    private final TestShard shard = new TestShard(
            log,
            OWNER,
            machine,
            new LifecycleEventEmitter(
                    machine,
                    (index, event) -> published.add(
                            index + " " + event.getKind() + " " + event.getUserId() + " " + event.getOffset())));

    @Test
    void aLiveOwnerPublishesOpensAndClosesInOrder() {
        shard.claim();
        long at = log.append(of(open(OWNER, 1, 1001)));
        log.append(of(open(OWNER, 1, 1001))); // a repeat
        long ended = log.append(close(OWNER, at, at));
        shard.run();
        assertThat(published).containsExactly("3 OPENED 1001 " + at, "3 CLOSED 1001 " + ended);
    }

    @Test
    void aFollowerPublishesWhatItBufferedOnceItIsLive() {
        log.claim(5);
        long at = log.append(of(open(5, 1, 1001)));
        shard.run();
        assertThat(published).isEmpty();
        shard.claim();
        long later = log.append(of(open(OWNER, 2, 1002)));
        shard.run();
        assertThat(published).containsExactly("3 OPENED 1001 " + at, "3 OPENED 1002 " + later);
    }

    @Test
    void anEventNamesTheSessionAsClientsKnowIt() {
        var ids = new ArrayList<String>();
        var other = new SessionShard(ShardId.session(3), new Topology(4, 1, 1, 4), Duration.ofMinutes(5), 16);
        var second = new TestShard(
                log, OWNER, other, new LifecycleEventEmitter(other, (index, event) -> ids.add(event.getSessionId())));
        second.claim();
        long at = log.append(of(open(OWNER, 1, 1001)));
        second.run();
        assertThat(SessionId.parse(ids.getFirst()).orElseThrow().offset()).isEqualTo(at);
    }
}
