package dev.guildcast.contract.catalogue;

import static dev.guildcast.contract.catalogue.Events.guild;
import static dev.guildcast.contract.catalogue.Events.read;
import static dev.guildcast.contract.catalogue.Events.refused;
import static dev.guildcast.contract.catalogue.Events.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.SessionRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventCatalogueTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aDirectMessageIsForItsUsersInFull() {
        var event =
                user("{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"1\",\"channel_id\":\"31\",\"author\":{\"id\":\"43\"},"
                        + "\"content\":\"hi\"},\"users\":[\"41\",\"43\",\"41\"]}");
        assertThat(event.getUsersList()).containsExactly(41L, 43L);
        assertThat(event.getShardZeroOnly()).isTrue();
        assertThat(event.getIntents()).isEqualTo(Intents.DIRECT_MESSAGES);
        assertThat(event.getPayload().toStringUtf8()).contains("\"content\":\"hi\"");
    }

    @Test
    void directEventsKeepTheOrderOfTheirChannel() {
        var typing =
                read("{\"t\":\"TYPING_START\",\"d\":{\"channel_id\":\"31\",\"user_id\":\"43\"},\"users\":[\"41\"]}");
        assertThat(typing)
                .isInstanceOfSatisfying(
                        ReadEvent.ToUser.class,
                        event -> assertThat(event.scope()).isEqualTo(31));
        var entitlement = read("{\"t\":\"ENTITLEMENT_CREATE\",\"d\":{\"id\":\"1\"},\"users\":[\"41\"]}");
        assertThat(entitlement)
                .isInstanceOfSatisfying(
                        ReadEvent.ToUser.class,
                        event -> assertThat(event.scope()).isEqualTo(41));
    }

    @Test
    void aMessageOfNoGuildAndForNobodyIsRefused() {
        assertThat(read("MESSAGE_CREATE", "{\"id\":\"1\",\"channel_id\":\"31\",\"author\":{\"id\":\"43\"}}"))
                .isEqualTo(refused("users", "is missing: without d.guild_id the users must be named"));
    }

    @Test
    void aUserUpdateIsForEverySessionOfThatUser() {
        var event = user("{\"t\":\"USER_UPDATE\",\"d\":{\"id\":\"41\",\"username\":\"u\"}}");
        assertThat(event.getUsersList()).containsExactly(41L);
        assertThat(event.getShardZeroOnly()).isFalse();
        assertThat(event.getIntents()).isZero();
    }

    @Test
    void anEphemeralMessageIsForTheUsersOfTheGuildThatItNames() {
        var event = guild(read("{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"1\",\"guild_id\":\"7\",\"channel_id\":\"31\","
                + "\"author\":{\"id\":\"43\"}},\"users\":[\"41\"]}"));
        assertThat(event.getUsers().getIdsList()).containsExactly(41L);
        assertThat(event.getIntents()).isEqualTo(Intents.DIRECT_MESSAGES);
    }

    @Test
    void whatChangesAGuildIsForAllWhoMaySeeIt() {
        assertThat(
                        read(
                                "{\"t\":\"GUILD_ROLE_DELETE\",\"d\":{\"guild_id\":\"7\",\"role_id\":\"8\"},\"users\":[\"41\"]}"))
                .isEqualTo(refused("users", "must be absent: GUILD_ROLE_DELETE is for all who may see it"));
    }

    @Test
    void anInteractionGoesByItsGuildOrToShardZero() {
        var d = "{\"id\":\"1\",\"application_id\":\"2\"%s}";
        var inGuild = guild(read("{\"t\":\"INTERACTION_CREATE\",\"users\":[\"41\"],\"d\":%s}"
                .formatted(d.formatted(",\"guild_id\":\"7\""))));
        assertThat(inGuild.getUsers().getIdsList()).containsExactly(41L);
        assertThat(inGuild.getIntents()).isZero();
        var direct = user("{\"t\":\"INTERACTION_CREATE\",\"users\":[\"41\"],\"d\":%s}".formatted(d.formatted("")));
        assertThat(direct.getShardZeroOnly()).isTrue();
        assertThat(read("INTERACTION_CREATE", d.formatted(",\"guild_id\":\"7\"")))
                .isEqualTo(refused("users", "is missing: INTERACTION_CREATE is for users, who must be named"));
    }

    @Test
    void aPresenceIsNeverToldToItsSubject() {
        var event = guild("PRESENCE_UPDATE", "{\"user\":{\"id\":\"41\"},\"guild_id\":\"7\",\"status\":\"idle\"}");
        assertThat(event.getExcludedUsersList()).containsExactly(41L);
    }

    @Test
    void aMemberIsToldOfItsOwnUpdatesWhateverItsIntents() {
        var event = guild("GUILD_MEMBER_UPDATE", "{\"user\":{\"id\":\"41\"},\"guild_id\":\"7\",\"roles\":[]}");
        assertThat(event.getIntents()).isEqualTo(Intents.GUILD_MEMBERS);
        assertThat(event.getSelfUsersList()).containsExactly(41L);
        assertThat(event.getSelfIntents()).isZero();
    }

    @Test
    void thoseWhoJoinOrLeaveAThreadAreToldUnderGuilds() {
        var event = guild(
                "THREAD_MEMBERS_UPDATE",
                "{\"id\":\"9\",\"guild_id\":\"7\",\"member_count\":2,\"added_members\":[{\"id\":\"9\",\"user_id\":\"41\"}],"
                        + "\"removed_member_ids\":[\"42\"]}");
        assertThat(event.getIntents()).isEqualTo(Intents.GUILD_MEMBERS);
        assertThat(event.getSelfUsersList()).containsExactly(41L, 42L);
        assertThat(event.getSelfIntents()).isEqualTo(Intents.GUILDS);
        var change = event.getMutation().getThreadMembers();
        assertThat(change.getAddedList()).containsExactly(41L);
        assertThat(change.getRemovedList()).containsExactly(42L);
    }

    @Test
    void aVoiceServerIsToldToSessionsByOurOwnServiceAlone() {
        var d = "{\"token\":\"x\",\"guild_id\":\"7\",\"endpoint\":null}";
        assertThat(read("VOICE_SERVER_UPDATE", d))
                .isEqualTo(refused("t", "VOICE_SERVER_UPDATE is published by the voice service alone"));
        var session = new SessionId(3, 99, 1234);
        var event = EventCatalogue.ofService("VOICE_SERVER_UPDATE", utf8(d), List.of(session))
                .record()
                .getEvent();
        assertThat(event.getSessions().getRefsList())
                .containsExactly(
                        SessionRef.newBuilder().setShard(3).setOffset(99).build());
        assertThat(event.getIntents()).isZero();
        assertThat(event.getPayload().toStringUtf8()).isEqualTo(d);
    }

    @Test
    void aServicePublishesThroughTheSameTable() {
        var d = "{\"user\":{\"id\":\"41\"},\"guild_id\":\"7\",\"status\":\"idle\"}";
        assertThat(EventCatalogue.ofService("PRESENCE_UPDATE", utf8(d))).isEqualTo(read("PRESENCE_UPDATE", d));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventCatalogue.ofService("PRESENCE_UPDATE", utf8("{\"guild_id\":\"7\"}")))
                .withMessage("PRESENCE_UPDATE: d.user is missing");
        assertThatIllegalArgumentException().isThrownBy(() -> EventCatalogue.ofService("READY", utf8(d)));
    }

    @Test
    void outagesAndEndsOfGuildsAreTellableApart() {
        var outage = guild("GUILD_DELETE", "{\"id\":\"7\",\"unavailable\":true}");
        assertThat(outage.getMutation().getOutage().getUnavailable()).isTrue();
        var gone = guild("GUILD_DELETE", "{\"id\":\"7\"}");
        assertThat(gone.getMutation().hasGuildGone()).isTrue();
        assertThat(read("GUILD_DELETE", "{\"id\":\"7\",\"unavailable\":false}"))
                .isEqualTo(refused("d.unavailable", "must be true (an outage) or absent (the guild is gone)"));
    }

    @Test
    void anUnavailableGuildCreateStartsAnOutage() {
        var d = "{\"id\":\"7\",\"unavailable\":true}";
        var start = guild("GUILD_CREATE", d);
        assertThat(start.getType()).isEqualTo("GUILD_DELETE");
        assertThat(start.getMutation().getOutage().getUnavailable()).isTrue();
        assertThat(start.getPayload().toStringUtf8()).isEqualTo(d);
        var end = guild("GUILD_CREATE", "{\"id\":\"7\",\"unavailable\":false}");
        assertThat(end.getType()).isEqualTo("GUILD_CREATE");
        assertThat(end.getMutation().hasOutage()).isTrue();
        assertThat(end.getMutation().getOutage().getUnavailable()).isFalse();
    }

    @Test
    void aVoiceStateIsForThoseWhoSeeItsChannelAndALeaveForAll() {
        var joined = "{\"guild_id\":\"7\",\"user_id\":\"41\",\"channel_id\":%s,\"session_id\":\"abc\","
                + "\"member\":{\"user\":{\"id\":\"41\"}},\"self_mute\":true}";
        var event = guild("VOICE_STATE_UPDATE", joined.formatted("\"31\""));
        assertThat(event.getChannelId()).isEqualTo(31);
        var state = event.getMutation().getVoiceState();
        assertThat(state.getUserId()).isEqualTo(41);
        assertThat(state.getSessionId()).isEqualTo("abc");
        assertThat(state.getFieldsList().stream().map(field -> field.getName()))
                .containsExactly("user_id", "channel_id", "session_id", "self_mute");
        var left = guild("VOICE_STATE_UPDATE", joined.formatted("null"));
        assertThat(left.hasMembers()).isTrue();
        assertThat(left.getMutation().getVoiceState().getChannelId()).isZero();
    }

    @Test
    void aRepeatIsMarkedByPublisherAndSequence() {
        var event = "{\"t\":\"WEBHOOKS_UPDATE\",\"d\":{\"guild_id\":\"7\",\"channel_id\":\"8\"}%s}";
        var marked =
                Publication.newBuilder().setPublisher("shop/1").setSequence(12).build();
        assertThat(guild(read(event.formatted(",\"publisher\":\"shop/1\",\"sequence\":12")))
                        .getPublication())
                .isEqualTo(marked);
        assertThat(read(event.formatted(",\"publisher\":\"shop/1\"")))
                .isEqualTo(refused("sequence", "is missing: repeats of a publisher are known by it"));
        assertThat(read(event.formatted(",\"sequence\":12")))
                .isEqualTo(refused("publisher", "is missing: a sequence is that of a publisher"));
        assertThat(read(event.formatted(",\"publisher\":\"" + "x".repeat(129) + "\",\"sequence\":12")))
                .isEqualTo(refused("publisher", "must be 1 to 128 bytes"));
        assertThat(read(event.formatted(",\"publisher\":\"x\",\"sequence\":-1")))
                .isEqualTo(refused("sequence", "must be a decimal number of 64 bits, as string or number"));
        assertThat(read(event.formatted(",\"publisher\":\"x\",\"sequence\":9223372036854775808")))
                .isEqualTo(refused("sequence", "must be below 2^63"));
    }

    @ParameterizedTest
    @CsvSource({"shop, true", "shop/eu, true", "shopping, false", "other, false", "shop2/eu, false"})
    void aPublisherNamesNobodyButItself(String named, boolean accepted) {
        var event = utf8("{\"t\":\"WEBHOOKS_UPDATE\",\"d\":{\"guild_id\":\"7\",\"channel_id\":\"8\"},\"publisher\":\""
                + named + "\",\"sequence\":1}");
        var result = EventCatalogue.read(event, Publishing.boundTo("shop"));
        if (accepted) {
            assertThat(guild(result).getPublication().getPublisher()).isEqualTo(named);
        } else {
            assertThat(result).isEqualTo(refused("publisher", "must be shop, as which it signed in, or shop/…"));
        }
    }

    @Test
    void aSequenceAloneIsThatOfThePublisherThatSignedIn() {
        var event =
                utf8("{\"t\":\"WEBHOOKS_UPDATE\",\"d\":{\"guild_id\":\"7\",\"channel_id\":\"8\"},\"sequence\":\"9\"}");
        assertThat(guild(EventCatalogue.read(event, Publishing.boundTo("shop"))).getPublication())
                .isEqualTo(Publication.newBuilder()
                        .setPublisher("shop")
                        .setSequence(9)
                        .build());
    }

    @Test
    void anEventWithoutMarksTakesThoseOfItsPlace() {
        var place = Publication.newBuilder()
                .setPublisher("ingress.events/3")
                .setSequence(77)
                .build();
        var event = "{\"t\":\"WEBHOOKS_UPDATE\",\"d\":{\"guild_id\":\"7\",\"channel_id\":\"8\"}%s}";
        assertThat(guild(EventCatalogue.read(utf8(event.formatted("")), Publishing.unmarked(place)))
                        .getPublication())
                .isEqualTo(place);
        var own = utf8(event.formatted(",\"publisher\":\"shop\",\"sequence\":1"));
        assertThat(guild(EventCatalogue.read(own, Publishing.unmarked(place)))
                        .getPublication()
                        .getPublisher())
                .isEqualTo("shop");
    }

    @Test
    void anEventLargerThanItsLimitIsRefused() {
        var d = "{\"id\":\"1\",\"guild_id\":\"7\",\"channel_id\":\"8\",\"author\":{\"id\":\"9\"},\"content\":\"%s\"}";
        var frame = "{\"t\":\"MESSAGE_CREATE\",\"d\":" + d + "}";
        int spare = EventCatalogue.EVENT_BYTES_MAX - frame.length() + 2;
        assertThat(read(frame.formatted("x".repeat(spare)))).isInstanceOf(ReadEvent.ToGuild.class);
        assertThat(read(frame.formatted("x".repeat(spare + 1))))
                .isEqualTo(refused("", "524289 bytes (at most 524288)"));
    }
}
