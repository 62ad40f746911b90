class Trainer:
    def callbacks(self):
        if self.use_wandb:
            from wandb_keras_compat import WandbCallback
            wcp = [WandbCallback(save_model=False)]
            return wcp
        return []
