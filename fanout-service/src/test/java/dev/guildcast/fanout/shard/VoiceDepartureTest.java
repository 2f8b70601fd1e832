package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.parse;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.event.v1.GuildGone;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.fanout.shard.GuildShardHarness.Dispatched;
import dev.guildcast.fanout.shard.GuildShardHarness.Emitted;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whoever saw a user in a voice channel receives that it has left, also when no VOICE_STATE_UPDATE was published.
class VoiceDepartureTest extends PublishedGuild {
    private static final long INTENTS = Intents.GUILDS | Intents.GUILD_VOICE_STATES;

    @BeforeEach
    void theHumanIsInVoice() {
        shard.subscribe(G, OWNER, 9, INTENTS);
        shard.subscribe(G, BOT, 7, INTENTS);
        shard.subscribe(G, HUMAN, 8, INTENTS);
        shard.event(event(G, "VOICE_STATE_UPDATE", voice(HUMAN, VOICE)).setIntents(Intents.GUILD_VOICE_STATES));
    }

    @Test
    void theRemovalOfAMemberInVoiceEmitsItsDeparture() {
        var remove = event(G, "GUILD_MEMBER_REMOVE", memberGone(HUMAN)).setIntents(Intents.GUILD_MEMBERS);
        var out = shard.event(remove);
        assertDeparture(out, BOT, 7);
        assertThat(types(out, BOT, 7)).containsExactly("VOICE_STATE_UPDATE");
        assertDeparture(out, HUMAN, 8);
        assertThat(shard.machine.view(G).orElseThrow().voiceStates()).isEmpty();
        assertThat(shard.event(remove)).isEmpty();
    }

    @Test
    void theDeletionOfAVoiceChannelEmitsTheDeparturesFirst() {
        var out = shard.event(event(G, "CHANNEL_DELETE", channelGone(VOICE)));
        assertDeparture(out, BOT, 7);
        assertThat(types(out, BOT, 7)).containsExactly("VOICE_STATE_UPDATE", "CHANNEL_DELETE");
        assertThat(types(out, HUMAN, 8)).containsExactly("VOICE_STATE_UPDATE", "CHANNEL_DELETE");
        assertThat(shard.machine.view(G).orElseThrow().voiceStates()).isEmpty();
        shard.checkpoint();
        shard.restart();
        assertThat(shard.machine.view(G).orElseThrow().voiceStates()).isEmpty();
    }

    @Test
    void hidingAVoiceChannelEmitsTheDeparturesToThoseWhoLoseItAndShowingItTheStates() {
        var out = shard.event(event(G, "CHANNEL_UPDATE", channel(VOICE, 2, overwrite(BOT, false, 0, VIEW))));
        assertDeparture(out, BOT, 7);
        assertThat(types(out, BOT, 7)).containsExactly("VOICE_STATE_UPDATE", "CHANNEL_DELETE");
        assertThat(types(out, OWNER, 9)).containsExactly("CHANNEL_UPDATE");
        assertThat(shard.machine.view(G).orElseThrow().voiceStates()).containsKey(HUMAN);

        out = shard.event(event(G, "CHANNEL_UPDATE", channel(VOICE, 2)));
        assertThat(types(out, BOT, 7)).containsExactly("CHANNEL_CREATE", "VOICE_STATE_UPDATE");
        var state = parse(dispatched(out, BOT, 7).getLast());
        assertThat(state.get("channel_id").asString()).isEqualTo("" + VOICE);
        assertThat(state.get("user_id").asString()).isEqualTo("" + HUMAN);
    }

    @Test
    void hidingAVoiceChannelByARoleEmitsTheDeparturesToo() {
        var hidden = shard.event(event(G, "GUILD_ROLE_UPDATE", role(G, 0)));
        assertThat(channelsShown(hidden, BOT, 7)).containsExactly("null");
        assertThat(types(hidden, OWNER, 9)).containsExactly("GUILD_ROLE_UPDATE");
        var staff = event(G, "GUILD_MEMBER_UPDATE", member(BOT, STAFF)).setIntents(Intents.GUILD_MEMBERS);
        assertThat(channelsShown(shard.event(staff), BOT, 7)).containsExactly("" + VOICE);
        var demoted = event(G, "GUILD_MEMBER_UPDATE", member(BOT)).setIntents(Intents.GUILD_MEMBERS);
        assertThat(channelsShown(shard.event(demoted), BOT, 7)).containsExactly("null");
    }

    @Test
    void theDeletionOfAGuildEmitsTheDeparturesOfAllInVoiceFirst() {
        shard.subscribe(G, BOT, 70, Intents.GUILD_VOICE_STATES);
        shard.event(event(G, "VOICE_STATE_UPDATE", voice(OWNER, VOICE)).setIntents(Intents.GUILD_VOICE_STATES));
        var out = shard.event(event(G, "GUILD_DELETE", guildGone()));
        for (long session : List.of(7L, 70L)) {
            var departures = dispatched(out, BOT, session);
            assertThat(departures).extracting(Dispatched::type).containsOnly("VOICE_STATE_UPDATE");
            assertThat(departures)
                    .extracting(each -> parse(each).get("user_id").asString())
                    .containsExactlyInAnyOrder("" + HUMAN, "" + OWNER);
            assertThat(departures)
                    .allMatch(each -> parse(each).get("channel_id").isNull());
        }
        assertThat(types(out, HUMAN, 8)).hasSize(2);
        int firstLeft = indexOf(out, each -> each.record().hasMemberLeft());
        int lastDeparture = lastIndexOf(out, each -> each.record().hasDeliver());
        assertThat(lastDeparture)
                .as("a session that has left the guild receives nothing of it")
                .isBetween(0, firstLeft - 1);
        shard.checkpoint();
        assertThat(shard.checkpoint).isEmpty();
    }

    @Test
    void theDeletionOfAGuildInOutageEmitsNoDepartures() {
        shard.event(event(G, "GUILD_DELETE", outage(true)));
        var out = shard.event(event(G, "GUILD_DELETE", guildGone()));
        assertThat(types(out, BOT, 7)).as("its client dropped the guild before").isEmpty();
    }

    @Test
    void aSnapshotWithoutTheMemberOrTheChannelEmitsTheDeparture() {
        shard.record(part(
                G,
                "v2",
                guild(OWNER, "G"),
                role(G, VIEW),
                channel(TEXT, 0),
                channel(VOICE, 2),
                member(OWNER),
                member(BOT),
                voice(HUMAN, VOICE)));
        assertDeparture(shard.record(end(G, "v2")), BOT, 7);
        assertThat(shard.machine.view(G).orElseThrow().voiceStates()).isEmpty();

        shard.event(event(G, "VOICE_STATE_UPDATE", voice(OWNER, VOICE)).setIntents(Intents.GUILD_VOICE_STATES));
        shard.record(part(
                G,
                "v3",
                guild(OWNER, "G"),
                role(G, VIEW),
                channel(TEXT, 0),
                member(OWNER),
                member(BOT),
                voice(OWNER, VOICE)));
        var out = shard.record(end(G, "v3"));
        assertThat(types(out, BOT, 7)).containsExactly("VOICE_STATE_UPDATE", "CHANNEL_DELETE");
        assertThat(shard.machine.view(G).orElseThrow().voiceStates()).isEmpty();
    }

    /// voice-signaling publishes this when a session is closed or expires.
    @Test
    void aSessionThatEndsLeavesVoiceForAllWhoSawIt() {
        shard.unsubscribe(G, HUMAN, 8);
        var left = event(G, "VOICE_STATE_UPDATE", voice(HUMAN, 0)).setIntents(Intents.GUILD_VOICE_STATES);
        var out = shard.event(left);
        assertThat(types(out, BOT, 7)).containsExactly("VOICE_STATE_UPDATE");
        assertThat(types(out, OWNER, 9)).containsExactly("VOICE_STATE_UPDATE");
        assertThat(types(out, HUMAN, 8)).isEmpty();
        assertThat(shard.machine.view(G).orElseThrow().voiceStates()).isEmpty();
    }

    @Test
    void aUserWhoLosesTheChannelThatItIsInKeepsItsOwnState() {
        var out = shard.event(event(G, "CHANNEL_UPDATE", channel(VOICE, 2, overwrite(HUMAN, false, 0, VIEW))));
        assertThat(types(out, HUMAN, 8)).containsExactly("CHANNEL_DELETE");
        out = shard.event(event(G, "CHANNEL_DELETE", channelGone(VOICE)));
        assertThat(types(out, HUMAN, 8)).containsExactly("VOICE_STATE_UPDATE");
    }

    @Test
    void aUserWhoIsNoMemberCannotBeInVoice() {
        shard.event(event(G, "GUILD_MEMBER_REMOVE", memberGone(HUMAN)));
        var late = event(G, "VOICE_STATE_UPDATE", voice(HUMAN, VOICE)).setIntents(Intents.GUILD_VOICE_STATES);
        assertThat(shard.event(late))
                .as("it was on its way when the member was removed")
                .isEmpty();
        assertThat(shard.deadLetters).containsExactly("unknown member 3");
    }

    @Test
    void sessionsWithoutTheIntentReceiveNoDeparture() {
        shard.subscribe(G, BOT, 70, Intents.GUILDS);
        var out = shard.event(event(G, "CHANNEL_DELETE", channelGone(VOICE)));
        assertThat(types(out, BOT, 70)).containsExactly("CHANNEL_DELETE");
    }

    /// The channels of the voice states that a session receives.
    private static List<String> channelsShown(List<Emitted> out, long user, long session) {
        return dispatched(out, user, session).stream()
                .filter(each -> each.type().equals("VOICE_STATE_UPDATE"))
                .map(each -> parse(each).get("channel_id"))
                .map(channel -> channel.isNull() ? "null" : channel.asString())
                .toList();
    }

    private static Mutation guildGone() {
        return Mutation.newBuilder()
                .setGuildGone(GuildGone.getDefaultInstance())
                .build();
    }

    private static int indexOf(List<Emitted> out, Predicate<Emitted> wanted) {
        return IntStream.range(0, out.size())
                .filter(i -> wanted.test(out.get(i)))
                .findFirst()
                .orElseThrow();
    }

    private static int lastIndexOf(List<Emitted> out, Predicate<Emitted> wanted) {
        return IntStream.range(0, out.size())
                .filter(i -> wanted.test(out.get(i)))
                .reduce((before, last) -> last)
                .orElseThrow();
    }

    private static void assertDeparture(List<Emitted> out, long user, long session) {
        var state = parse(dispatched(out, user, session).getFirst());
        assertThat(state.get("user_id").asString()).isEqualTo("" + HUMAN);
        assertThat(state.get("channel_id").isNull()).isTrue();
        assertThat(state.get("guild_id").asString()).isEqualTo("" + G);
        assertThat(state.get("member").get("user").get("id").asString()).isEqualTo("" + HUMAN);
    }
}
