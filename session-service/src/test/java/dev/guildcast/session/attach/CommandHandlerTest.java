package dev.guildcast.session.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.MembersCommand;
import dev.guildcast.session.testing.TestRecords;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandHandlerTest {
    private static final long ALICE = 1001;
    private static final long GUILD = 1L << 22;
    private static final long OTHER = 2L << 22;

    private final FrontendHarness host = FrontendHarness.live();
    private final FrontendHarness.Gateway gateway = host.gateway();
    private SessionId id = new SessionId(0, 0, 0);

    @BeforeEach
    void open() {
        host.log.append(TestRecords.joined(GUILD, ALICE));
        host.log.append(TestRecords.joined(OTHER, ALICE));
        host.shard.run();
        gateway.open(1, 10, ALICE);
        gateway.stream.take();
        id = host.session(10).id();
    }

    @Test
    void aCommandIsAcknowledgedOnceItIsApplied() {
        gateway.command(id, presence(1, "dnd"));
        host.shard.runAction();
        assertThat(gateway.stream.take()).isEmpty();
        host.shard.run();
        assertThat(gateway.stream.take()).containsExactly("1:ack 1");
        assertThat(host.session(10).presence().getStatus()).isEqualTo("dnd");
    }

    @Test
    void aRepeatedCommandIsAcknowledgedAndChangesNothing() {
        gateway.command(id, presence(1, "dnd")).run();
        gateway.command(id, presence(2, "idle")).run();
        gateway.stream.take();
        long end = host.log.end();
        gateway.command(id, presence(1, "online")).run();
        assertThat(gateway.stream.take()).containsExactly("1:ack 2");
        assertThat(host.log.end()).isEqualTo(end);
    }

    @Test
    void presencesAboveFiveInTwentySecondsAreAcknowledgedAndDroppedOverAllConnectionsOfTheSession() {
        for (int i = 1; i <= 5; i++) {
            gateway.command(id, presence(i, "dnd")).run();
        }
        gateway.command(id, presence(6, "idle")).run();
        assertThat(gateway.stream.take()).endsWith("1:ack 6");
        assertThat(host.session(10).presence().getStatus()).isEqualTo("dnd");
        var other = host.gateway();
        other.attach(2, id, ALICE, 20, 1).run();
        other.command(id, presence(1, "idle").setAttachId(20)).run();
        assertThat(other.stream.take()).endsWith("2:ack 1");
        assertThat(host.session(10).presence().getStatus()).isEqualTo("dnd");
    }

    @Test
    void aCommandAfterAGapIsIgnored() {
        gateway.command(id, presence(2, "dnd")).run();
        assertThat(gateway.stream.take()).isEmpty();
        assertThat(host.session(10).presence().getStatus()).isEqualTo("online");
    }

    @Test
    void commandsOfAConnectionThatDoesNotHoldTheSessionAreIgnored() {
        var other = host.gateway();
        other.command(id, presence(1, "dnd")).run();
        gateway.command(id, presence(1, "dnd").setAttachId(99)).run();
        gateway.command(new SessionId(0, 4_000, 1), presence(1, "dnd")).run();
        assertThat(other.stream.take()).isEmpty();
        assertThat(gateway.stream.take()).isEmpty();
        assertThat(host.session(10).presence().getStatus()).isEqualTo("online");
    }

    @Test
    void commandsAreRepeatedAfterAReattachAndTakeEffectOnce() {
        gateway.command(id, presence(1, "dnd"));
        host.shard.runAction();
        gateway.reattach(1, id, ALICE, 10, 1, true)
                .command(id, presence(1, "idle"))
                .run();
        assertThat(gateway.stream.take()).contains("1:ack 1");
        assertThat(host.session(10).presence().getStatus()).isEqualTo("dnd");
    }

    @Test
    void aHostThatIsNotLiveAcceptsNoCommand() {
        host.shard.setDisconnected(true);
        gateway.stream.take();
        gateway.command(id, presence(1, "dnd")).run();
        assertThat(gateway.stream.take()).containsExactly("moved [1]");
    }

    @Test
    void commandsBeyondTheInFlightLimitAreIgnored() {
        for (int n = 1; n <= CommandHandler.IN_FLIGHT_MAX + 10; n++) {
            gateway.command(id, presence(n, "dnd"));
        }
        while (host.shard.runAction()) {
            // Runs the handed-over tasks only: nothing is applied.
        }
        gateway.run();
        assertThat(gateway.stream.take()).hasSize(CommandHandler.IN_FLIGHT_MAX).endsWith("1:ack 256");
    }

    @Test
    void aFullMemberRequestIsAnsweredOnceInHalfAMinute() {
        gateway.command(id, everyone(1, GUILD)).run();
        gateway.command(id, everyone(2, OTHER)).run();
        assertThat(gateway.stream.take()).containsExactly("1:ack 1", "1:ack 2");
        host.advance(Duration.ofSeconds(10));
        gateway.command(id, everyone(3, GUILD)).run();
        assertThat(gateway.stream.take()).containsExactlyInAnyOrder("1:ack 3", "1:s2 RATE_LIMITED");
        var limited = lastRecord().getSelfDeliver();
        assertThat(limited.getData().toStringUtf8())
                .isEqualTo("{\"opcode\":8,\"retry_after\":20.0,\"meta\":{\"guild_id\":\"" + GUILD
                        + "\",\"nonce\":\"n\"}}");
        host.advance(Duration.ofSeconds(20));
        gateway.command(id, everyone(4, GUILD)).run();
        assertThat(gateway.stream.take()).containsExactly("1:ack 4");
        assertThat(lastRecord().hasRequestMembers()).isTrue();
    }

    @Test
    void aSecondFullMemberRequestInFlightIsRateLimited() {
        gateway.command(id, everyone(1, GUILD)).command(id, everyone(2, GUILD)).run();
        assertThat(gateway.stream.take()).contains("1:s2 RATE_LIMITED");
        assertThat(lastRecord().getSelfDeliver().getData().toStringUtf8()).contains("\"retry_after\":30.0");
    }

    @Test
    void aNewOwnerKnowsWhatItsPredecessorAnswered() {
        gateway.command(id, everyone(1, GUILD)).run();
        host.advance(Duration.ofSeconds(3));
        var next = new FrontendHarness(host.log, 78, 16_384);
        next.claim();
        var again = next.gateway();
        again.reattach(1, id, ALICE, 10, 1, true)
                .command(id, everyone(2, GUILD))
                .run();
        assertThat(again.stream.take()).contains("1:s2 RATE_LIMITED");
    }

    @Test
    void partialMemberRequestsAreNotLimited() {
        var byPrefix =
                MembersCommand.newBuilder().setGuildId(GUILD).setQuery("h").setLimit(1);
        var byId = MembersCommand.newBuilder().setGuildId(GUILD).addUserIds("5");
        for (int n = 1; n <= 4; n++) {
            gateway.command(id, members(n, n % 2 == 0 ? byPrefix : byId)).run();
        }
        assertThat(gateway.stream.take()).containsExactly("1:ack 1", "1:ack 2", "1:ack 3", "1:ack 4");
    }

    @Test
    void memberRequestsThatGetNoAnswerAreNotLimited() {
        gateway.open(2, TestRecords.open(0, 11, ALICE).setIntents(Intents.GUILDS), 0)
                .run();
        gateway.stream.take();
        var unprivileged = host.session(11).id();
        for (int n = 1; n <= 2; n++) {
            gateway.command(unprivileged, everyone(n, GUILD).setHandle(2).setAttachId(11))
                    .run();
            gateway.command(id, everyone(n, 9L << 22)).run();
        }
        assertThat(gateway.stream.take()).noneMatch(message -> message.contains("RATE_LIMITED"));
    }

    @Test
    void aNonceThatIsTooLongIsLeftOut() {
        var command = MembersCommand.newBuilder().setGuildId(GUILD).setQuery("");
        gateway.command(id, members(1, command.setNonce("ü".repeat(17)))).run();
        assertThat(lastRecord().getRequestMembers().hasClientNonce()).isFalse();
        gateway.command(id, members(2, command.clone().setGuildId(OTHER).setNonce("")))
                .run();
        assertThat(lastRecord().getRequestMembers().hasClientNonce()).isTrue();
    }

    private SessionRecord lastRecord() {
        return host.log.at(host.log.end() - 1).record();
    }

    private static Command.Builder presence(long number, String status) {
        return Command.newBuilder()
                .setHandle(1)
                .setAttachId(10)
                .setNumber(number)
                .setSetPresence(Presence.newBuilder().setStatus(status));
    }

    private static Command.Builder everyone(long number, long guild) {
        return members(
                number,
                MembersCommand.newBuilder().setGuildId(guild).setQuery("").setNonce("n"));
    }

    private static Command.Builder members(long number, MembersCommand.Builder members) {
        return Command.newBuilder()
                .setHandle(1)
                .setAttachId(10)
                .setNumber(number)
                .setRequestMembers(members);
    }
}
