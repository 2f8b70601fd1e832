package dev.guildcast.brokers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.guildcast.brokers");

    @Test
    void isOnePackage() {
        classes().should().resideInAPackage("dev.guildcast.brokers").check(CLASSES);
    }

    /// The tests of every module use it.
    @Test
    void dependsOnNothingElseOfTheProjectThanTheContract() {
        noClasses()
                .should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("are of a service or another tool") {
                    @Override
                    public boolean test(JavaClass type) {
                        return type.getPackageName().startsWith("dev.guildcast.")
                                && !type.getPackageName().startsWith("dev.guildcast.brokers")
                                && !type.getPackageName().startsWith("dev.guildcast.contract");
                    }
                })
                .check(CLASSES);
    }
}
