package dev.guildcast.session.presence;

import static dev.guildcast.session.testing.TestRecords.close;
import static dev.guildcast.session.testing.TestRecords.number;
import static dev.guildcast.session.testing.TestRecords.of;
import static dev.guildcast.session.testing.TestRecords.open;
import static dev.guildcast.session.testing.TestRecords.presence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.StateRequest;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.testing.TestLog;
import dev.guildcast.session.testing.TestShard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresenceBeatEmitterTest {
    private static final long OWNER = 77;
    private static final int SHARD = 2;

    private final TestLog log = new TestLog();
    private final SessionShard machine =
            new SessionShard(ShardId.session(SHARD), new Topology(4, 1, 1, 4), Duration.ofMinutes(5), 16);
    private final PresenceBeatRegistry registry = new PresenceBeatRegistry(Duration.ofSeconds(20));
    private final TestShard shard = new TestShard(log, OWNER, machine, registry.listener(machine));
    private final List<BeatBatch> sent = new ArrayList<>();
    private long nanos;

    PresenceBeatEmitterTest() {
        registry.setSink(batch -> sent.add(batch));
    }

    @Test
    void statesAreSentWhenTheyChangeAndEndsWhenTheyCome() {
        claim();
        long at = log.append(of(open(OWNER, 1, 1001)));
        shard.run();
        assertThat(sent.getLast().getStates(0).getPresence().getStatus()).isEqualTo("online");
        assertThat(sent.getLast().getStates(0).getSession()).isEqualTo((long) SHARD << 48 | at);
        assertThat(sent.getLast().getStates(0).getVersion()).isEqualTo(at);
        long changed = log.append(presence(OWNER, number(at, 1, 1), "dnd"));
        log.append(presence(OWNER, number(at, 1, 1), "idle")); // void: a repeat
        shard.run();
        assertThat(sent.getLast().getStatesList()).hasSize(1);
        assertThat(sent.getLast().getStates(0).getVersion()).isEqualTo(changed);
        long ended = log.append(close(OWNER, at, at));
        shard.run();
        assertThat(sent.getLast().getGone(0).getVersion()).isEqualTo(ended);
        assertThat(sent.getLast().getGone(0).getUserId()).isEqualTo(1001);
    }

    @Test
    void everySessionBeatsOnceInEachRound() {
        claim();
        sessions(1_200);
        advance(Duration.ofSeconds(3)); // the first round is a short one
        sent.clear();
        advance(Duration.ofSeconds(20));
        assertThat(beats()).hasSizeBetween(1_190, 1_210).doesNotHaveDuplicates();
        assertThat(sent).allMatch(batch -> batch.getBeatsCount() <= PresenceBeatEmitter.BATCH_MAX);
        assertThat(sent.size()).as("spread over the round").isGreaterThan(50);
    }

    @Test
    void aFollowerSendsNothing() {
        sessions(3);
        advance(Duration.ofSeconds(60));
        assertThat(sent).isEmpty();
    }

    @Test
    void anOwnerBeatsForTheSessionsItTookOver() {
        log.claim(5);
        long at = log.append(of(open(5, 1, 1001)));
        shard.run();
        claim();
        advance(Duration.ofSeconds(2));
        assertThat(beats()).containsExactly((long) SHARD << 48 | at);
        assertThat(sent).noneMatch(batch -> batch.getStatesCount() > 0);
    }

    @Test
    void aNewStreamReceivesAllBeatsSoon() {
        claim();
        sessions(10);
        advance(Duration.ofSeconds(4));
        sent.clear();
        registry.onReconnected();
        shard.run();
        advance(Duration.ofSeconds(2));
        assertThat(beats()).hasSize(10);
    }

    @Test
    void missingStatesAreSentAndEndedSessionsReportedGone() {
        claim();
        long at = log.append(of(open(OWNER, 1, 1001)));
        shard.run();
        sent.clear();
        registry.onStateRequest(StateRequest.newBuilder()
                .addMissing(beat(at, 1001))
                .addMissing(beat(4_000, 1002))
                .addMissing(SessionBeat.newBuilder().setSession(3L << 48).setUserId(9)) // not a shard of this host
                .build());
        shard.run();
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().getStates(0).getUserId()).isEqualTo(1001);
        assertThat(sent.getFirst().getGone(0).getUserId()).isEqualTo(1002);
    }

    @Test
    void aHostThatIsNotLiveAnswersNothing() {
        claim();
        long at = log.append(of(open(OWNER, 1, 1001)));
        shard.run();
        shard.setDisconnected(true);
        sent.clear();
        registry.onStateRequest(
                StateRequest.newBuilder().addMissing(beat(at, 1001)).build());
        shard.run();
        advance(Duration.ofSeconds(60));
        assertThat(sent).isEmpty();
    }

    private static SessionBeat beat(long offset, long user) {
        return SessionBeat.newBuilder()
                .setSession((long) SHARD << 48 | offset)
                .setUserId(user)
                .build();
    }

    private void claim() {
        shard.claim();
        shard.run();
    }

    private void sessions(int count) {
        for (int i = 0; i < count; i++) {
            log.append(of(open(OWNER, 1 + i, 1_000 + i)));
        }
        shard.run();
    }

    private void advance(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 100) {
            nanos += 100_000_000;
            shard.tick(nanos);
        }
    }

    private List<Long> beats() {
        return sent.stream()
                .flatMap(batch -> batch.getBeatsList().stream())
                .map(SessionBeat::getSession)
                .toList();
    }
}
