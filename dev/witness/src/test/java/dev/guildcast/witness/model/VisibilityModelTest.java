package dev.guildcast.witness.model;

import static dev.guildcast.witness.Intent.DIRECT_MESSAGES;
import static dev.guildcast.witness.Intent.GUILDS;
import static dev.guildcast.witness.Intent.GUILD_MEMBERS;
import static dev.guildcast.witness.Intent.GUILD_MESSAGES;
import static dev.guildcast.witness.Intent.MESSAGE_CONTENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.Publication.Outcome;
import dev.guildcast.witness.Story;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisibilityModelTest {
    private static final String HIDE_20 =
            "{'guild_id':'10','id':'20','type':0,'permission_overwrites':[{'id':'10','type':0,'allow':'0','deny':'1024'}]}";

    private final Story story = new Story();
    private final Account one = Story.bot(1, GUILDS, GUILD_MESSAGES, MESSAGE_CONTENT);
    private final Account two = Story.bot(2, GUILDS, GUILD_MESSAGES);

    private List<Expected> expected(Account account, Publication event) {
        return new VisibilityModel(Story.world(), story.publications).expected(account, event);
    }

    @Test
    void aMessageIsForThoseWhoViewItsChannelAndAskForMessages() {
        Publication message = story.message("21", "x");
        assertThat(expected(one, message)).hasSize(1).allMatch(Expected::certain);
        assertThat(expected(two, message)).isEmpty();
        assertThat(expected(Story.bot(1, GUILDS), message)).isEmpty();
    }

    @Test
    void withoutTheIntentContentIsBlankedUnlessItIsOnesOwnOrAMention() {
        String start = "{'guild_id':'10','channel_id':'20','content':'x','embeds':[1],'poll':{},'mentions':";
        Publication others = story.publish("MESSAGE_CREATE", start + "[],'author':{'id':'5'}}");
        Publication own = story.publish("MESSAGE_CREATE", start + "[],'author':{'id':'2'}}");
        Publication mention = story.publish("MESSAGE_CREATE", start + "[{'id':'2'}],'author':{'id':'5'}}");
        Expected.Body body = expected(two, others).getFirst().body();
        assertThat(body.fullIsRight()).isFalse();
        assertThat(body.blanked())
                .isEqualTo(Story.json("{'guild_id':'10','channel_id':'20','content':'','embeds':[],'mentions':[],"
                        + "'author':{'id':'5'},'witness':'p#1'}"));
        assertThat(expected(one, others).getFirst().body().fullIsRight()).isTrue();
        assertThat(expected(two, own).getFirst().body().fullIsRight()).isTrue();
        assertThat(expected(two, mention).getFirst().body().fullIsRight()).isTrue();
    }

    @Test
    void whoLosesAChannelIsToldOfItsEndAndWhoKeepsItOfItsChange() {
        Publication hide = story.publish(
                "CHANNEL_UPDATE",
                HIDE_20.replace("'deny':'1024'}", "'deny':'1024'},{'id':'11','type':0,'allow':'1024','deny':'0'}"));
        assertThat(expected(one, hide)).extracting(Expected::type).containsExactly("CHANNEL_UPDATE");
        assertThat(expected(two, hide)).extracting(Expected::type).containsExactly("CHANNEL_DELETE");
        assertThat(expected(two, story.message("20", "x"))).isEmpty();
    }

    @Test
    void aRoleMayRevealAChannel() {
        Publication given = story.publish("GUILD_MEMBER_UPDATE", "{'guild_id':'10','user':{'id':'2'},'roles':['11']}");
        assertThat(expected(two, given))
                .extracting(Expected::type, Expected::subject)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("GUILD_MEMBER_UPDATE", "p#1"),
                        org.assertj.core.groups.Tuple.tuple("CHANNEL_CREATE", "21"));
        assertThat(expected(one, given)).isEmpty();
        assertThat(expected(Story.bot(1, GUILDS, GUILD_MEMBERS), given)).hasSize(1);
    }

    @Test
    void theOrderOfOverlappingEventsOfTwoPublishersIsNotCertain() {
        long now = story.now();
        story.publish("a", "CHANNEL_UPDATE", HIDE_20, now, now + 10, Outcome.ACCEPTED);
        String message = "{'guild_id':'10','channel_id':'20','author':{'id':'5'},'content':'x'}";
        Publication during = story.publish("b", "MESSAGE_CREATE", message, now + 5, now + 20, Outcome.ACCEPTED);
        Publication after = story.publish("b", "MESSAGE_CREATE", message, now + 10, now + 30, Outcome.ACCEPTED);
        assertThat(expected(two, during)).hasSize(1).noneMatch(Expected::certain);
        assertThat(expected(two, after)).isEmpty();
    }

    @Test
    void whatMayNotHaveBeenTakenIsNotCertainAndWhatWasRefusedIsForNobody() {
        String message = "{'guild_id':'10','channel_id':'20','author':{'id':'5'},'content':'x'}";
        Publication unknown = story.publish("p", "MESSAGE_CREATE", message, 5, Publication.NEVER, Outcome.UNKNOWN);
        Publication refused = story.publish("p", "MESSAGE_CREATE", message, 6, 7, Outcome.REFUSED);
        assertThat(expected(two, unknown)).hasSize(1).noneMatch(Expected::certain);
        assertThat(expected(two, refused)).isEmpty();
    }

    @Test
    void aDirectMessageIsForItsUsersInFull() {
        Publication direct =
                story.publish("MESSAGE_CREATE", "{'channel_id':'40','users':['2'],'content':'x','author':{'id':'5'}}");
        assertThat(expected(Story.bot(2, GUILDS, DIRECT_MESSAGES), direct))
                .hasSize(1)
                .allMatch(each -> each.body().fullIsRight());
        assertThat(expected(two, direct)).isEmpty();
        assertThat(expected(Story.bot(1, GUILDS, DIRECT_MESSAGES), direct)).isEmpty();
    }

    @Test
    void oneWhoJoinsIsToldByTheGuildItself() {
        Publication left = story.publish("GUILD_MEMBER_REMOVE", "{'guild_id':'10','user':{'id':'2'}}");
        Publication missed = story.message("20", "x");
        Publication joined = story.publish("GUILD_MEMBER_ADD", "{'guild_id':'10','user':{'id':'2'},'roles':[]}");
        Publication met = story.message("20", "y");
        Account members = Story.bot(2, GUILDS, GUILD_MESSAGES, GUILD_MEMBERS);
        assertThat(expected(members, left)).isEmpty();
        assertThat(expected(members, missed)).isEmpty();
        assertThat(expected(members, joined)).isEmpty();
        assertThat(expected(members, met)).extracting(Expected::firstStint).containsExactly(2);
        assertThat(expected(Story.bot(1, GUILDS, GUILD_MEMBERS), left)).hasSize(1);
    }

    @Test
    void changesWithoutAKnownOrderAreRefused() {
        long now = story.now();
        story.publish("a", "CHANNEL_UPDATE", HIDE_20, now, now + 10, Outcome.ACCEPTED);
        story.publish("b", "CHANNEL_UPDATE", HIDE_20, now + 5, now + 20, Outcome.ACCEPTED);
        assertThatThrownBy(() -> new VisibilityModel(Story.world(), story.publications))
                .hasMessageContaining("no known order");
    }
}
