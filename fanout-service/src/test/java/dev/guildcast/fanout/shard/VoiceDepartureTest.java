package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.parse;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.fanout.shard.GuildShardHarness.Emitted;
import java.util.List;
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

    private static void assertDeparture(List<Emitted> out, long user, long session) {
        var state = parse(dispatched(out, user, session).getFirst());
        assertThat(state.get("user_id").asString()).isEqualTo("" + HUMAN);
        assertThat(state.get("channel_id").isNull()).isTrue();
        assertThat(state.get("guild_id").asString()).isEqualTo("" + G);
        assertThat(state.get("member").get("user").get("id").asString()).isEqualTo("" + HUMAN);
    }
}
