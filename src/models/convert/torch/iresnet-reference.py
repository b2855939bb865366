"""arcface_torch's iresnet with random weights: saves its state_dict, an input and PyTorch's answers.

usage: iresnet-reference.py blocks,per,stage folder
writes float32.pth (zip container), float16.pth (stream), input.f32, float32.f32 and float16.f32 (the answers)
"""
import sys
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs, eps=1e-5)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs, eps=1e-5)
        self.prelu = nn.PReLU(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs, eps=1e-5)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs, eps=1e-5)
            )

    def forward(self, x):
        branch = self.bn3(self.conv2(self.prelu(self.bn2(self.conv1(self.bn1(x))))))
        return branch + (x if self.downsample is None else self.downsample(x))


class IResNet(nn.Module):
    def __init__(self, depths):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64, eps=1e-5)
        self.prelu = nn.PReLU(64)
        inputs = 64
        for stage, (blocks, outputs) in enumerate(zip(depths, [64, 128, 256, 512]), 1):
            layers = [Block(inputs if i == 0 else outputs, outputs, 2 if i == 0 else 1) for i in range(blocks)]
            setattr(self, f"layer{stage}", nn.Sequential(*layers))
            inputs = outputs
        self.bn2 = nn.BatchNorm2d(512, eps=1e-5)
        self.fc = nn.Linear(512 * 7 * 7, 512)
        self.features = nn.BatchNorm1d(512, eps=1e-5)

    def forward(self, x):
        x = self.prelu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.features(self.fc(torch.flatten(self.bn2(x), 1)))


def main(depths, folder):
    torch.manual_seed(7)
    torch.set_num_threads(1)
    network = IResNet([int(blocks) for blocks in depths.split(",")])
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.weight, 0.3, 0.8)
            nn.init.normal_(module.bias, 0, 0.3)
            nn.init.normal_(module.running_mean, 0, 0.3)
            nn.init.uniform_(module.running_var, 0.3, 2)
        if isinstance(module, nn.PReLU):
            nn.init.uniform_(module.weight, -0.3, 1.2)
    network.eval()
    image = torch.rand(2, 3, 112, 112) * 2 - 1
    image.numpy().tofile(f"{folder}/input.f32")
    for dtype in ["float32", "float16"]:
        # Rounds the weights; the answer is computed with the rounded ones.
        network.to(getattr(torch, dtype))
        state = network.state_dict()
        # A transposed view and a slice of a larger storage: both are legal in a state_dict.
        state["fc.weight"] = state["fc.weight"].t().contiguous().t()
        state["fc.bias"] = torch.cat([state["fc.bias"], state["fc.bias"]])[512:]
        torch.save(state, f"{folder}/{dtype}.pth", _use_new_zipfile_serialization=dtype == "float32")
        with torch.no_grad():
            network.float()(image).numpy().tofile(f"{folder}/{dtype}.f32")


if __name__ == "__main__":
    main(*sys.argv[1:])
