// SPDX-License-Identifier: GPL-2.0-or-later
// Two profiles are compared by figures of the same kind, whatever number of inferences each has.
#include "gui/counting_bar.h"
#include "gui/models/compare_table.h"
#include "gui/page_deck.h"
#include "gui/pages/compare_page.h"
#include "gui/text.h"
#include "tests/gui/window_fixture.h"

#include <gmock/gmock.h>

#include <QComboBox>
#include <QLabel>
#include <QTableView>

namespace simprof::gui {
namespace {

using test::sampleDocument;
using test::sampleProfile;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Counting kMean{Figure::Mean, -1};
constexpr Counting kSum{Figure::Sum, -1};

std::vector<int> changedLayers(const ProfileDiff& diff) {
    std::vector<int> changed;
    for (std::size_t i = 0; i < diff.layers.size(); ++i) {
        if (!diff.layers[i].cycles.isNone()) {
            changed.push_back(static_cast<int>(i));
        }
    }
    return changed;
}

TEST(ComparedFigures, OfAnInferenceDoNotDependOnHowManyThereWere) {
    const Profile base = sampleProfile({.inferences = 2});
    const Profile now = sampleProfile({.inferences = 10, .slowLayer = 4, .slowPercent = 25});
    const ProfileDiff mean = countedDiff(base, now, kMean);
    EXPECT_THAT(changedLayers(mean), ElementsAre(4));
    EXPECT_THAT(mean.differences, IsEmpty()) << "an inference is like an inference";
    EXPECT_EQ(mean.layers[4].cycles.base, base.inferences[0].spans[4].cycles);
    EXPECT_EQ(mean.layers[4].cycles.now, now.inferences[0].spans[4].cycles);
    ASSERT_FALSE(mean.layers[4].functions.empty());
    EXPECT_EQ(mean.layers[4].functions[0].cycles.difference(), mean.layers[4].cycles.difference())
        << "and so are the functions that a layer called";
    EXPECT_EQ(mean.cycles.difference(), mean.layers[4].cycles.difference());
    EXPECT_THAT(mean.owners, IsEmpty()) << "sums never stand beside means";
    const ProfileDiff sum = countedDiff(base, now, kSum);
    EXPECT_EQ(changedLayers(sum).size(), base.layers.size());
    EXPECT_THAT(sum.differences, ElementsAre("inferences: 2 before, 10 now"));
}

TEST(ComparedFigures, AreOfAKindThatBothProfilesHave) {
    const Profile two = sampleProfile({.inferences = 2});
    const Profile ten = sampleProfile({.inferences = 10});
    Profile none = sampleProfile();
    none.inferences.clear();
    EXPECT_EQ(commonCounting(two, ten, {Figure::Mean, 1}), (Counting{Figure::Mean, 1}));
    EXPECT_EQ(commonCounting(two, ten, {Figure::Mean, 7}), kMean) << "the base has no eighth inference";
    EXPECT_EQ(commonCounting(two, none, kMean), kSum);
    EXPECT_EQ(comparedText(two, ten, kMean).toStdString(), "mean of 2 inferences before, mean of 10 inferences now");
    EXPECT_EQ(comparedText(two, two, kMean).toStdString(), "mean of 2 inferences");
    EXPECT_EQ(comparedText(two, ten, {Figure::Mean, 1}).toStdString(), "inference 1");
}

std::string nowOf(const MainWindow& window, int row) {
    return window.comparePage()->table()->model()->index(row, 4).data().toString().toStdString();
}

bool says(const MainWindow& window, const char* words) {
    const auto labels = window.comparePage()->findChildren<QLabel*>();
    return std::ranges::any_of(labels, [words](const QLabel* label) {
        return label->isVisible() && label->text().contains(QLatin1String(words));
    });
}

TEST_F(Window, ComparedLayersFollowTheChoiceOfFigures) {
    MainWindow window(sampleRun);
    window.resize(1280, 800);
    window.setDocument(sampleDocument({.inferences = 10}));
    window.setBase(sampleDocument({.inferences = 2}));
    window.show();
    window.showPage(PageId::Compare);
    const Profile& profile = window.document()->profile;
    EXPECT_EQ(nowOf(window, 3), grouped(profile.inferences[0].spans[3].cycles));
    EXPECT_TRUE(says(window, "mean of 2 inferences before, mean of 10 inferences now"));
    EXPECT_FALSE(says(window, "Not like for like"));
    CountingBar* bar = window.deck()->countingBar();
    ASSERT_TRUE(bar->isVisible()) << "which figures are shown is chosen here, too";
    window.selection()->setLayer(3);
    bar->figures()->setCurrentIndex(static_cast<int>(Figure::Sum));
    EXPECT_EQ(nowOf(window, 3), grouped(profile.layers[3].cycles));
    EXPECT_EQ(window.comparePage()->table()->currentIndex().data(RowIdRole).toInt(), 3) << "the selection is kept";
    EXPECT_TRUE(says(window, "Not like for like: inferences: 2 before, 10 now"));
    keep(window, "compared-sums");
}

} // namespace
} // namespace simprof::gui
