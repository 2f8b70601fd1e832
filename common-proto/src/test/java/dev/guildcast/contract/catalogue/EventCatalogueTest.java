package dev.guildcast.contract.catalogue;

import static dev.guildcast.contract.catalogue.ParsedEvents.guild;
import static dev.guildcast.contract.catalogue.ParsedEvents.invalid;
import static dev.guildcast.contract.catalogue.ParsedEvents.parse;
import static dev.guildcast.contract.catalogue.ParsedEvents.user;
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
                parse("{\"t\":\"TYPING_START\",\"d\":{\"channel_id\":\"31\",\"user_id\":\"43\"},\"users\":[\"41\"]}");
        assertThat(typing)
                .isInstanceOfSatisfying(
                        ParsedEvent.ToUser.class,
                        event -> assertThat(event.scope()).isEqualTo(31));
        var entitlement = parse("{\"t\":\"ENTITLEMENT_CREATE\",\"d\":{\"id\":\"1\"},\"users\":[\"41\"]}");
        assertThat(entitlement)
                .isInstanceOfSatisfying(
                        ParsedEvent.ToUser.class,
                        event -> assertThat(event.scope()).isEqualTo(41));
    }

    @Test
    void aMessageOfNoGuildAndForNobodyIsRefused() {
        assertThat(parse("MESSAGE_CREATE", "{\"id\":\"1\",\"channel_id\":\"31\",\"author\":{\"id\":\"43\"}}"))
                .isEqualTo(invalid("users", "is missing: without d.guild_id the users must be named"));
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
        var event =
                guild(parse("{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"1\",\"guild_id\":\"7\",\"channel_id\":\"31\","
                        + "\"author\":{\"id\":\"43\"}},\"users\":[\"41\"]}"));
        assertThat(event.getUsers().getIdsList()).containsExactly(41L);
        assertThat(event.getIntents()).isEqualTo(Intents.DIRECT_MESSAGES);
    }

    @Test
    void whatChangesAGuildIsForAllWhoMaySeeIt() {
        assertThat(
                        parse(
                                "{\"t\":\"GUILD_ROLE_DELETE\",\"d\":{\"guild_id\":\"7\",\"role_id\":\"8\"},\"users\":[\"41\"]}"))
                .isEqualTo(invalid("users", "must be absent: GUILD_ROLE_DELETE goes to everyone who may see it"));
    }

    @Test
    void anInteractionGoesByItsGuildOrToShardZero() {
        var d = "{\"id\":\"1\",\"application_id\":\"2\"%s}";
        var inGuild = guild(parse("{\"t\":\"INTERACTION_CREATE\",\"users\":[\"41\"],\"d\":%s}"
                .formatted(d.formatted(",\"guild_id\":\"7\""))));
        assertThat(inGuild.getUsers().getIdsList()).containsExactly(41L);
        assertThat(inGuild.getIntents()).isZero();
        var direct = user("{\"t\":\"INTERACTION_CREATE\",\"users\":[\"41\"],\"d\":%s}".formatted(d.formatted("")));
        assertThat(direct.getShardZeroOnly()).isTrue();
        assertThat(parse("INTERACTION_CREATE", d.formatted(",\"guild_id\":\"7\"")))
                .isEqualTo(invalid("users", "is missing: INTERACTION_CREATE is for users, who must be named"));
    }

    @Test
    void aPresenceIsNeverDeliveredToItsSubject() {
        var event = guild("PRESENCE_UPDATE", "{\"user\":{\"id\":\"41\"},\"guild_id\":\"7\",\"status\":\"idle\"}");
        assertThat(event.getExcludedUsersList()).containsExactly(41L);
    }

    @Test
    void aMemberReceivesItsOwnUpdatesWhateverItsIntents() {
        var event = guild("GUILD_MEMBER_UPDATE", "{\"user\":{\"id\":\"41\"},\"guild_id\":\"7\",\"roles\":[]}");
        assertThat(event.getIntents()).isEqualTo(Intents.GUILD_MEMBERS);
        assertThat(event.getSelfUsersList()).containsExactly(41L);
        assertThat(event.getSelfIntents()).isZero();
    }

    @Test
    void thoseWhoJoinOrLeaveAThreadReceiveItUnderGuilds() {
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
    void aVoiceServerUpdateIsPublishedByTheVoiceServiceAlone() {
        var d = "{\"token\":\"x\",\"guild_id\":\"7\",\"endpoint\":null}";
        assertThat(parse("VOICE_SERVER_UPDATE", d))
                .isEqualTo(invalid("t", "VOICE_SERVER_UPDATE is published by the voice service alone"));
        var session = new SessionId(3, 99, 1234);
        var event = EventCatalogue.fromService("VOICE_SERVER_UPDATE", utf8(d), List.of(session))
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
        assertThat(EventCatalogue.fromService("PRESENCE_UPDATE", utf8(d))).isEqualTo(parse("PRESENCE_UPDATE", d));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventCatalogue.fromService("PRESENCE_UPDATE", utf8("{\"guild_id\":\"7\"}")))
                .withMessage("PRESENCE_UPDATE: d.user is missing");
        assertThatIllegalArgumentException().isThrownBy(() -> EventCatalogue.fromService("READY", utf8(d)));
    }

    @Test
    void outagesAndRemovalsOfGuildsAreDistinguished() {
        var outage = guild("GUILD_DELETE", "{\"id\":\"7\",\"unavailable\":true}");
        assertThat(outage.getMutation().getOutage().getUnavailable()).isTrue();
        var gone = guild("GUILD_DELETE", "{\"id\":\"7\"}");
        assertThat(gone.getMutation().hasGuildGone()).isTrue();
        assertThat(parse("GUILD_DELETE", "{\"id\":\"7\",\"unavailable\":false}"))
                .isEqualTo(invalid("d.unavailable", "must be true (an outage) or absent (the guild is gone)"));
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
    void aDuplicateIsIdentifiedByPublisherAndSequence() {
        var event = "{\"t\":\"WEBHOOKS_UPDATE\",\"d\":{\"guild_id\":\"7\",\"channel_id\":\"8\"}%s}";
        var marked =
                Publication.newBuilder().setPublisher("shop/1").setSequence(12).build();
        assertThat(guild(parse(event.formatted(",\"publisher\":\"shop/1\",\"sequence\":12")))
                        .getPublication())
                .isEqualTo(marked);
        assertThat(parse(event.formatted(",\"publisher\":\"shop/1\"")))
                .isEqualTo(invalid("sequence", "is missing: a publisher's events are deduplicated by it"));
        assertThat(parse(event.formatted(",\"sequence\":12")))
                .isEqualTo(invalid("publisher", "is missing: a sequence needs a publisher"));
        assertThat(parse(event.formatted(",\"publisher\":\"" + "x".repeat(129) + "\",\"sequence\":12")))
                .isEqualTo(invalid("publisher", "must be 1 to 128 bytes"));
        assertThat(parse(event.formatted(",\"publisher\":\"x\",\"sequence\":-1")))
                .isEqualTo(invalid("sequence", "must be a decimal number of 64 bits, as string or number"));
        assertThat(parse(event.formatted(",\"publisher\":\"x\",\"sequence\":9223372036854775808")))
                .isEqualTo(invalid("sequence", "is 9223372036854775808 (at most 9007199254740991)"));
    }

    @ParameterizedTest
    @CsvSource({"shop, true", "shop/eu, true", "shopping, false", "other, false", "shop2/eu, false"})
    void aPublisherNamesNobodyButItself(String named, boolean accepted) {
        var event = utf8("{\"t\":\"WEBHOOKS_UPDATE\",\"d\":{\"guild_id\":\"7\",\"channel_id\":\"8\"},\"publisher\":\""
                + named + "\",\"sequence\":1}");
        var result = EventCatalogue.parse(event, PublisherContext.authenticatedAs("shop"));
        if (accepted) {
            assertThat(guild(result).getPublication().getPublisher()).isEqualTo(named);
        } else {
            assertThat(result).isEqualTo(invalid("publisher", "must be shop, the name of its token, or shop/…"));
        }
    }

    @Test
    void aSequenceAloneIsThatOfTheAuthenticatedPublisher() {
        var event =
                utf8("{\"t\":\"WEBHOOKS_UPDATE\",\"d\":{\"guild_id\":\"7\",\"channel_id\":\"8\"},\"sequence\":\"9\"}");
        assertThat(guild(EventCatalogue.parse(event, PublisherContext.authenticatedAs("shop")))
                        .getPublication())
                .isEqualTo(Publication.newBuilder()
                        .setPublisher("shop")
                        .setSequence(9)
                        .build());
    }

    @Test
    void anEventWithoutASequenceTakesTheDefaultPublication() {
        var place = Publication.newBuilder()
                .setPublisher("ingress.events/3")
                .setSequence(77)
                .build();
        var event = "{\"t\":\"WEBHOOKS_UPDATE\",\"d\":{\"guild_id\":\"7\",\"channel_id\":\"8\"}%s}";
        assertThat(guild(EventCatalogue.parse(utf8(event.formatted("")), PublisherContext.defaultPublication(place)))
                        .getPublication())
                .isEqualTo(place);
        var own = utf8(event.formatted(",\"publisher\":\"shop\",\"sequence\":1"));
        assertThat(guild(EventCatalogue.parse(own, PublisherContext.defaultPublication(place)))
                        .getPublication()
                        .getPublisher())
                .isEqualTo("shop");
    }

    @Test
    void anEventLargerThanItsLimitIsRefused() {
        var d = "{\"id\":\"1\",\"guild_id\":\"7\",\"channel_id\":\"8\",\"author\":{\"id\":\"9\"},\"content\":\"%s\"}";
        var frame = "{\"t\":\"MESSAGE_CREATE\",\"d\":" + d + "}";
        int spare = EventCatalogue.EVENT_BYTES_MAX - frame.length() + 2;
        assertThat(parse(frame.formatted("x".repeat(spare)))).isInstanceOf(ParsedEvent.ToGuild.class);
        assertThat(parse(frame.formatted("x".repeat(spare + 1))))
                .isEqualTo(invalid("", "524289 bytes (at most 524288)"));
    }
}
